// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace probes {

/// Throws Unavailable unless this process may load programs of eBPF and the kernel tells its types.
/// To be called before anything else of eBPF.
void require_bpf();

/// Throws Unavailable unless the module is loaded, which is seen by its tracepoints.
void require_xpoll();

/// Is the module loaded? Needs require_bpf().
bool xpoll_loaded();

}  // namespace probes
