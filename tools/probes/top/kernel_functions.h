// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/btf.h>

#include <memory>

namespace top {

/// By what a function can be probed.
enum class FunctionProbe { kFentry, kKprobe, kNone };

/// The functions of the running kernel, as its types (BTF) tell. To read those takes long: once.
class KernelFunctions final {
 public:
  KernelFunctions();

  /// Can fentry and fexit be attached to this function of the kernel's own?
  bool has(const char* function) const;
  FunctionProbe in_module(const char* module, const char* function) const;

 private:
  struct Free {
    void operator()(btf* types) const { btf__free(types); }
  };
  using Types = std::unique_ptr<btf, Free>;

  Types kernel_;
};

}  // namespace top
