// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/kernel_functions.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include <fstream>
#include <limits>
#include <memory>
#include <string>

#include "probes/util/kernel_types.h"

namespace top {
namespace {

/// libbpf looks a module's types up by BTF id, which needs CAP_SYS_ADMIN.
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

/// Whether the module's BTF contains the function.
bool has_types(const char* module, const char* function) {
  if (!may_list_types()) return false;
  const std::unique_ptr<btf, decltype(&btf__free)> types(
      btf__load_module_btf(module, probes::kernel_types()), btf__free);
  return types && btf__find_by_name_kind(types.get(), function, BTF_KIND_FUNC) > 0;
}

}  // namespace

FunctionProbe probe_for(const char* module, const char* function) {
  if (has_types(module, function)) return FunctionProbe::kFentry;
  return has_symbol(function) ? FunctionProbe::kKprobe : FunctionProbe::kNone;
}

}  // namespace top
