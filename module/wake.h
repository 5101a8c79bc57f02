/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A wake policy with its table of workers: which task a wake-up wakes if several could
 * take the event. An instance's policy chooses among its waiters. A group's policy
 * chooses among the EXCLUSIVE watches of its instances; instances created afterwards also
 * use it for their own waiters.
 */
#ifndef XPOLL_WAKE_H
#define XPOLL_WAKE_H

#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/types.h>

#include <linux/xpoll.h>

struct bpf_prog;
struct file;
struct vm_area_struct;

/**
 * struct ep_wake - a wake policy
 * @policy: XPOLL_WAKE_* [written under lock, read without]
 * @heartbeat_ns: limit of a heartbeat's age, or 0 [as @policy]
 * @clock_offset_ns: from the host's CLOCK_MONOTONIC to that of the heartbeats [as @policy]
 * @prog: the program of XPOLL_WAKE_BPF, or NULL [written under lock; RCU]
 * @workers: the table, a page that user space maps and may write at any time [constant]
 * @refcount: one of the group, of each instance and of each struct ep_peers
 * @lock: taken under the mutex of an instance or by itself, and no lock is taken under it
 * @peers: each struct ep_peers, by address of its wait queue [lock]
 */
struct ep_wake {
	u32 policy;
	u64 heartbeat_ns;
	s64 clock_offset_ns;
	struct bpf_prog __rcu *prog;
	struct xpoll_worker *workers;
	refcount_t refcount;
	struct mutex lock; /* @peers and changes of the policy */
	struct rb_root peers;
};

struct ep_wake *xp_wake_alloc(void);
void xp_wake_put(struct ep_wake *wake);

static inline struct ep_wake *xp_wake_get(struct ep_wake *wake)
{
	if (wake)
		refcount_inc(&wake->refcount);
	return wake;
}

/*
 * A policy that the caller asks for, checked; @prog has a reference that xp_wake_apply()
 * or xp_wake_drop() takes over.
 */
struct xp_wake_request {
	struct xpoll_wake args;
	struct bpf_prog *prog;
};

int xp_wake_request(struct xp_wake_request *request, const void __user *argp);
void xp_wake_apply(struct ep_wake *wake, struct xp_wake_request *request);
void xp_wake_drop(struct xp_wake_request *request);

/* Map the table of workers. @wake may be NULL here and in the next two functions. */
int xp_wake_mmap(const struct ep_wake *wake, struct vm_area_struct *vma);
/* For ->get_unmapped_area() of the file whose table that is. */
unsigned long xp_wake_unmapped_area(const struct ep_wake *wake, struct file *file,
				    unsigned long addr, unsigned long len, unsigned long pgoff,
				    unsigned long flags);

static inline bool xp_wake_is_native(const struct ep_wake *wake)
{
	return !wake || READ_ONCE(wake->policy) == XPOLL_WAKE_NATIVE;
}

/* Return: the time before which a heartbeat is too old; 0 if there is no limit. */
static inline u64 xp_wake_oldest(const struct ep_wake *wake)
{
	u64 limit = READ_ONCE(wake->heartbeat_ns), now;

	if (!limit)
		return 0;
	now = ktime_get() + READ_ONCE(wake->clock_offset_ns);
	return now > limit ? now - limit : 0;
}

/* The entry of @worker, 1 to XPOLL_WORKERS_MAX. */
static inline const struct xpoll_worker *xp_worker(const struct ep_wake *wake, u32 worker)
{
	/* in 64 bits the compiler folds the subtraction into the address */
	return &wake->workers[(long)worker - 1];
}

/* Is @worker, 0 to XPOLL_WORKERS_MAX, one whose last heartbeat came before @oldest? */
static inline bool xp_worker_hangs(const struct ep_wake *wake, u32 worker, u64 oldest)
{
	u64 beat;

	if (!oldest || !worker)
		return false;
	beat = READ_ONCE(xp_worker(wake, worker)->heartbeat_ns);
	return beat && beat < oldest;
}

/* @otherwise: the load of what has no number in the table */
static inline u64 xp_worker_load(const struct ep_wake *wake, u32 worker, u64 otherwise)
{
	return worker ? READ_ONCE(xp_worker(wake, worker)->load) : otherwise;
}

#endif /* XPOLL_WAKE_H */
