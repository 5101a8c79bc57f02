// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/libbpf.h>

#include <filesystem>
#include <memory>

namespace xpoll {

/// The BPF program of an object file that chooses who is woken, loaded.
class WakeProgram final {
 public:
  /// Throws std::runtime_error if there is not one program of the right type, or if it can't be
  /// loaded.
  explicit WakeProgram(const std::filesystem::path& file);

  [[nodiscard]] int fd() const { return bpf_program__fd(program_); }

 private:
  struct Close {
    void operator()(bpf_object* object) const { bpf_object__close(object); }
  };

  std::unique_ptr<bpf_object, Close> object_;
  bpf_program* program_;
};

}  // namespace xpoll
