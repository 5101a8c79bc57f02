// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/libbpf.h>

#include <cstdint>

namespace probes {

/// The sum over all CPUs of a counter in a BPF_MAP_TYPE_PERCPU_ARRAY of __u64.
std::uint64_t sum_of_processors(const bpf_map* counters, std::uint32_t index);

}  // namespace probes
