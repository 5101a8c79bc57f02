// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace probes {

/// Throws Unavailable unless this process may load eBPF programs and the kernel has BTF. Call it
/// before any other eBPF function.
void require_bpf();

/// Throws Unavailable unless the module, recognized by its tracepoints, is loaded.
void require_xpoll();

/// Whether the module is loaded. Needs require_bpf().
bool xpoll_loaded();

}  // namespace probes
