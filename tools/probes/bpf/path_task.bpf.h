/* SPDX-License-Identifier: GPL-2.0-only */
/* The waiting task: asleep, woken, running. */
#ifndef XPOLL_PROBES_BPF_PATH_TASK_BPF_H
#define XPOLL_PROBES_BPF_PATH_TASK_BPF_H

#include "vmlinux.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "probes/bpf/item.bpf.h"
#include "probes/bpf/mark.bpf.h"
#include "probes/bpf/path_callback.bpf.h"
#include "probes/bpf/path_tables.bpf.h"

/* A task in epoll_wait(2) or XPOLL_IOC_WAIT. */
struct waiter {
	__u64 instance;
	__u64 asleep_ns;
	__u64 woken_for; /* the sk whose callback woke the task; 0 if something else did */
	struct path_mark waking;
	struct path_mark running;
	__u32 kind;
	__u32 told; /* events that were polled and reported */
};

TABLE(BPF_MAP_TYPE_HASH, __u32, struct waiter) waiters SEC(".maps");

static __always_inline int at_wait(__u64 instance, enum path_kind kind)
{
	struct waiter waiter = {.instance = instance, .kind = kind};
	__u64 id = bpf_get_current_pid_tgid();
	__u32 tid = id;

	if (!only_tgid || only_tgid == id >> 32)
		put(&waiters, &tid, &waiter);
	return 0;
}

SEC("fentry/do_epoll_wait")
int BPF_PROG(native_wait, int epfd)
{
	return at_wait(native_instance(epfd), PATH_NATIVE);
}

SEC("kprobe/do_epoll_wait")
int BPF_KPROBE(native_wait_kprobe, int epfd)
{
	return at_wait(native_instance(epfd), PATH_NATIVE);
}

SEC("raw_tp/xpoll_wait_enter")
int xpoll_wait(struct bpf_raw_tracepoint_args *ctx)
{
	return at_wait(ctx->args[0], PATH_XPOLL);
}

/* Any wake-up counts, also by a signal or a timer: events that come later wake nothing. */
SEC("tp_btf/sched_waking")
int BPF_PROG(waking, struct task_struct *task)
{
	__u32 zero = 0, tid = task->pid;
	struct waiter *waiter = bpf_map_lookup_elem(&waiters, &tid);
	const struct pending_key *slot = bpf_map_lookup_elem(&calling, &zero);

	if (!waiter || !slot)
		return 0;
	waiter->waking = mark_now();
	waiter->running.ns = 0;
	waiter->woken_for = slot->instance == waiter->instance ? slot->sk : 0;
	return 0;
}

static __always_inline void leaves_processor(__u32 tid)
{
	struct waiter *waiter = bpf_map_lookup_elem(&waiters, &tid);

	if (!waiter)
		return;
	waiter->asleep_ns = bpf_ktime_get_ns();
	/* clear the previous wake-up, but not one that another CPU is making right now */
	if (!waiter->running.ns)
		return;
	waiter->waking.ns = 0;
	waiter->running.ns = 0;
}

static __always_inline void enters_processor(__u32 tid)
{
	struct waiter *waiter = bpf_map_lookup_elem(&waiters, &tid);

	if (!waiter || !waiter->waking.ns || waiter->running.ns)
		return;
	waiter->running = mark_now();
	waiter->running.tid = tid;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(switched, bool preempt, struct task_struct *prev, struct task_struct *next,
	     unsigned int prev_state)
{
	__u32 zero = 0;
	struct pending_key *slot = bpf_map_lookup_elem(&calling, &zero);

	/* no callback runs across this point */
	if (slot)
		slot->instance = 0;
	if (!preempt && prev_state && prev->pid)
		leaves_processor(prev->pid);
	if (next->pid)
		enters_processor(next->pid);
	return 0;
}

#endif
