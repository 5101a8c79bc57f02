// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/libbpf.h>

#include <cstdint>

namespace probes {

/// How often the kernel did not run a program of the object that should have run, because the same
/// program was running on that processor already.
std::uint64_t missed_hits(const bpf_object* object);

}  // namespace probes
