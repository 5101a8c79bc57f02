/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_PROBES_BPF_MARK_BPF_H
#define XPOLL_PROBES_BPF_MARK_BPF_H

#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include "probes/bpf/path.h"

static __always_inline struct path_mark mark_now(void)
{
	return (struct path_mark){
		.ns = bpf_ktime_get_ns(),
		.tid = (__u32)bpf_get_current_pid_tgid(),
		.cpu = bpf_get_smp_processor_id(),
	};
}

#endif
