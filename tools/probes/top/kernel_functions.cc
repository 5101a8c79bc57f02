// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/kernel_functions.h"

#include <bpf/bpf.h>

#include <cerrno>
#include <fstream>
#include <limits>
#include <string>
#include <system_error>

namespace top {
namespace {

/// libbpf finds a module's types by their number, which takes CAP_SYS_ADMIN.
bool may_list_types() {
  __u32 id = 0;
  return bpf_btf_get_next_id(0, &id) == 0;
}

bool has_symbol(const std::string& function) {
  std::ifstream symbols("/proc/kallsyms");
  std::string address;
  std::string type;
  std::string name;
  while (symbols >> address >> type >> name) {
    if (name == function) return true;
    symbols.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return false;
}

}  // namespace

KernelFunctions::KernelFunctions() : kernel_(btf__load_vmlinux_btf()) {
  if (!kernel_)
    throw std::system_error(errno, std::generic_category(), "reading the types of the kernel");
}

bool KernelFunctions::has(const char* function) const {
  return btf__find_by_name_kind(kernel_.get(), function, BTF_KIND_FUNC) > 0;
}

FunctionProbe KernelFunctions::in_module(const char* module, const char* function) const {
  if (may_list_types()) {
    const Types types(btf__load_module_btf(module, kernel_.get()));
    if (types && btf__find_by_name_kind(types.get(), function, BTF_KIND_FUNC) > 0)
      return FunctionProbe::kFentry;
  }
  return has_symbol(function) ? FunctionProbe::kKprobe : FunctionProbe::kNone;
}

}  // namespace top
