// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/libbpf.h>

#include <filesystem>
#include <memory>

namespace xpoll {

/// A loaded BPF program that chooses the waiter to wake, from an object file.
class WakeProgram final {
 public:
  /// Throws std::runtime_error unless the file has exactly one program of the right type and it can
  /// be loaded.
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
