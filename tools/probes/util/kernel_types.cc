// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/kernel_types.h"

#include <cerrno>
#include <memory>
#include <system_error>

namespace probes {
namespace {

struct Free {
  void operator()(btf* types) const { btf__free(types); }
};
using Types = std::unique_ptr<btf, Free>;

Types read_kernel_types() {
  Types types(btf__load_vmlinux_btf());
  if (!types)
    throw std::system_error(errno, std::generic_category(), "reading the types of the kernel");
  return types;
}

}  // namespace

btf* kernel_types() {
  static const Types kTypes = read_kernel_types();
  return kTypes.get();
}

int kernel_function(const char* function) {
  return btf__find_by_name_kind(kernel_types(), function, BTF_KIND_FUNC);
}

}  // namespace probes
