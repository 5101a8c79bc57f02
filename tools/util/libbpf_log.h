// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/libbpf.h>

#include <string>

namespace xpoll {

/// While it lives, what libbpf has to say is kept instead of printed. One at a time.
class LibbpfLog final {
 public:
  LibbpfLog();
  LibbpfLog(const LibbpfLog&) = delete;
  LibbpfLog& operator=(const LibbpfLog&) = delete;
  ~LibbpfLog();

  /// What was kept: warnings, and among them what the verifier says of a program that it refuses.
  [[nodiscard]] const std::string& text() const;

  /// Throws std::runtime_error: what failed, errno, and what was kept.
  [[noreturn]] void fail(const char* what) const;

 private:
  libbpf_print_fn_t before_;
};

}  // namespace xpoll
