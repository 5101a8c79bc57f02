// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/libbpf.h>

#include <string>

namespace probes {

/// While it lives, what libbpf has to say is kept instead of printed. One at a time.
class LibbpfLog final {
 public:
  LibbpfLog();
  LibbpfLog(const LibbpfLog&) = delete;
  LibbpfLog& operator=(const LibbpfLog&) = delete;
  ~LibbpfLog();

  /// Throws std::runtime_error: what failed, errno, and what was kept.
  [[noreturn]] void fail(const char* what) const;

 private:
  libbpf_print_fn_t before_;
};

}  // namespace probes
