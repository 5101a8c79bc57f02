// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/libbpf.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "probes/util/probe_set.h"

namespace probes {

/// How often the kernel did not run a program of the object that should have run, because the same
/// program was running on that processor already. Empty if kprobes are among those used: many a
/// kernel counts nothing that these miss.
std::optional<std::uint64_t> missed_hits(const bpf_object* object,
                                         const std::vector<ProbeUse>& uses);

}  // namespace probes
