// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/libbpf.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "probes/util/probe_set.h"

namespace probes {

/// How often the kernel skipped a program of the object because the same program was already
/// running on that CPU. Empty if kprobes are in use: many kernels do not count their misses.
std::optional<std::uint64_t> missed_hits(const bpf_object* object,
                                         const std::vector<ProbeUse>& uses);

}  // namespace probes
