// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/libbpf.h>

#include <string>

namespace xpoll {

/// While it lives, libbpf's messages are collected instead of printed. Only one object may exist.
class LibbpfLog final {
 public:
  LibbpfLog();
  LibbpfLog(const LibbpfLog&) = delete;
  LibbpfLog& operator=(const LibbpfLog&) = delete;
  ~LibbpfLog();

  /// The collected warnings, including the verifier's log of a refused program.
  [[nodiscard]] const std::string& text() const;

  /// Throws std::runtime_error with what failed, errno and the collected messages.
  [[noreturn]] void fail(const char* what) const;

 private:
  libbpf_print_fn_t before_;
};

}  // namespace xpoll
