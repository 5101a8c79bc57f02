// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/btf.h>

namespace probes {

/// The types (BTF) of the running kernel. Parsing them takes a quarter of a second under emulation,
/// so later calls return the result of the first. Throws std::system_error.
btf* kernel_types();

/// The BTF id of a kernel function; negative if there is none.
int kernel_function(const char* function);

}  // namespace probes
