/* SPDX-License-Identifier: GPL-2.0-only */
/* The threads that wait on instances: their waits, and the time between them. */
#ifndef XPOLL_PROBES_TOP_WAITS_H
#define XPOLL_PROBES_TOP_WAITS_H

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "probes/bpf/top.h"
#include "probes/bpf/top_histograms.bpf.h"
#include "probes/bpf/top_instances.bpf.h"

/* Number of completed observations. User space advances it. */
__u64 turn;

/* By thread. Entries are kept between waits, because creating one is the most expensive step. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1048576);
	__type(key, u32);
	__type(value, struct top_wait);
} waits SEC(".maps");

/* User space deletes an entry once the instance or the thread is gone. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 262144);
	__type(key, struct top_worker_key);
	__type(value, struct top_worker);
} workers SEC(".maps");

static __always_inline struct top_wait *wait_of(u32 tid)
{
	return bpf_map_lookup_elem(&waits, &tid);
}

static __always_inline struct top_worker_key
worker_key(const struct top_wait *wait, const struct top_instance *instance, u32 tid)
{
	return (struct top_worker_key){
		.ep = instance->ep,
		.instance_since = instance->seen_since,
		.thread_since = wait->seen_since,
		.tid = tid,
	};
}

static __always_inline void worker_add(const struct top_worker_key *key,
				       const struct task_struct *task)
{
	struct top_worker worker = {
		.pid = task->tgid,
		.parent = task->group_leader->real_parent->tgid,
	};

	read_command(worker.command, task);
	if (bpf_map_update_elem(&workers, key, &worker, BPF_NOEXIST))
		count(lost.workers, 1);
}

static __always_inline void worker_returns(struct top_worker *worker,
					   const struct top_instance *instance)
{
	u64 now = bpf_ktime_get_ns();
	u64 absence = now - worker->left;

	if (worker->away_ns >= 0)
		return;
	if (worker->turn != turn) {
		worker->turn = turn;
		worker->longest_ns = 0;
	}
	if (absence > worker->longest_ns)
		worker->longest_ns = absence;
	worker->away_ns += now;
	if (wants_histograms && worker->serves)
		histogram_add(instance, TOP_SERVICE_TIME, absence);
}

static __always_inline void worker_leaves(struct top_worker *worker, int ret)
{
	u64 now = bpf_ktime_get_ns();

	if (ret > 0) {
		worker->events += ret;
		worker->deliveries++;
	}
	if (worker->away_ns < 0)
		return;
	worker->serves = ret > 0;
	worker->left = now;
	barrier();
	worker->away_ns -= now;
}

static __always_inline struct top_wait *wait_add(u32 tid)
{
	struct top_wait fresh = {.seen_since = bpf_ktime_get_ns()};

	if (bpf_map_update_elem(&waits, &tid, &fresh, BPF_ANY))
		count(lost.waits, 1);
	return wait_of(tid);
}

/* The task begins to wait. */
static __always_inline void wait_begins(const struct task_struct *task,
					const struct top_instance *instance)
{
	u32 tid = task->pid;
	struct top_wait *wait = wait_of(tid) ?: wait_add(tid);
	struct top_worker_key key;
	struct top_worker *worker;

	if (!wait)
		return;
	wait->woken = 0;
	wait->ep = instance->ep;
	key = worker_key(wait, instance, tid);
	worker = bpf_map_lookup_elem(&workers, &key);
	if (worker)
		worker_returns(worker, instance);
	else
		worker_add(&key, task);
}

/* A second wake-up in one wait means that the first one was spurious. */
static __always_inline void waiter_woken(struct top_wait *wait, struct top_instance *instance)
{
	if (wait->woken)
		count(instance->counts.spurious, 1);
	wait->woken = bpf_ktime_get_ns();
}

/* @wait: the current thread's wait, or NULL if its course is not known. */
static __always_inline void wait_ends(struct top_wait *wait, struct top_instance *instance, int ret)
{
	struct top_worker_key key;
	struct top_worker *worker;

	if (ret > 0)
		count(instance->counts.events, ret);
	else if (wait && wait->woken && (!ret || ret == -EINTR))
		count(instance->counts.spurious, 1);
	if (!wait)
		return;
	if (ret >= 0)
		wait_delivers(wait, instance, ret);
	key = worker_key(wait, instance, (u32)bpf_get_current_pid_tgid());
	worker = bpf_map_lookup_elem(&workers, &key);
	if (worker)
		worker_leaves(worker, ret);
	wait->ep = 0;
}

#endif /* XPOLL_PROBES_TOP_WAITS_H */
