/* SPDX-License-Identifier: GPL-2.0-only */
/* The instances that are counted. */
#ifndef XPOLL_PROBES_TOP_INSTANCES_H
#define XPOLL_PROBES_TOP_INSTANCES_H

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "probes/bpf/top.h"

#define E2BIG  7
#define EINTR  4
#define ENOMEM 12

/*
 * Additions are atomic, not per CPU, because an interrupt may count for the same instance as the
 * code that it interrupts.
 */
#define count(counter, n) ((void)__sync_fetch_and_add(&(counter), n))

struct top_lost lost;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 262144);
	__type(key, u64);
	__type(value, struct top_instance);
} instances SEC(".maps");

/* Final state of closed instances, until user space reads it. */
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 16384);
	__type(value, struct top_instance);
} closed SEC(".maps");

static __always_inline struct top_instance *instance_at(u64 ep)
{
	return bpf_map_lookup_elem(&instances, &ep);
}

static __always_inline void read_command(char *command, const struct task_struct *task)
{
	bpf_probe_read_kernel_str(command, TOP_COMMAND_SIZE, task->group_leader->comm);
}

/* @flags: BPF_NOEXIST if the instance may be in the table already. */
static __always_inline void instance_add(struct top_instance *instance, u64 flags)
{
	long err;

	instance->seen_since = bpf_ktime_get_ns();
	err = bpf_map_update_elem(&instances, &instance->ep, instance, flags);
	if (err == -E2BIG || err == -ENOMEM)
		count(lost.instances, 1);
}

/* The current task created an instance. */
static __always_inline void instance_made(u64 ep, u32 kind, int fd)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct top_instance instance = {.ep = ep, .kind = kind, .pid = task->tgid, .fd = fd};

	read_command(instance.command, task);
	instance_add(&instance, BPF_ANY);
}

static __always_inline void instance_gone(u64 ep)
{
	struct top_instance *instance = instance_at(ep);

	if (!instance)
		return;
	if (bpf_map_push_elem(&closed, instance, 0))
		count(lost.closed, 1);
	bpf_map_delete_elem(&instances, &ep);
}

static __always_inline void scan_begins(struct top_instance *instance)
{
	if (instance)
		instance->scan_began = bpf_ktime_get_ns();
}

static __always_inline void scan_ends(struct top_instance *instance)
{
	/* ignore a scan that began before the probes were attached */
	if (!instance || !instance->scan_began)
		return;
	count(instance->counts.scan_ns, bpf_ktime_get_ns() - instance->scan_began);
	instance->scan_began = 0;
}

#endif /* XPOLL_PROBES_TOP_INSTANCES_H */
