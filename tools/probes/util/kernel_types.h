// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/btf.h>

namespace probes {

/// The types (BTF) of the running kernel. They take a quarter of a second to read under emulation:
/// the first call reads them, and later ones return the same. Throws std::system_error.
btf* kernel_types();

/// The number of a function of the kernel's own among these types; negative if it is not there.
int kernel_function(const char* function);

}  // namespace probes
