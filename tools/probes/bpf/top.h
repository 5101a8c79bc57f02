/* SPDX-License-Identifier: GPL-2.0-only */
/* The data that xpoll-top's BPF programs and user space exchange. */
#ifndef XPOLL_PROBES_TOP_H
#define XPOLL_PROBES_TOP_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

#define TOP_COMMAND_SIZE 16

/* Type and number of XPOLL_IOC_WAIT, without the size of its argument. */
#define TOP_XPOLL_WAIT 0xe903

enum top_kind {
	TOP_NATIVE,
	TOP_XPOLL,
	TOP_KINDS,
};

enum top_histogram {
	TOP_WAKE_LATENCY,
	TOP_SERVICE_TIME,
	TOP_HISTOGRAMS,
};

/* One bucket for 0, and one per bit length. */
#define TOP_BUCKETS 65

/**
 * struct top_counts - counters of an instance since it is watched
 * @callbacks: wake-ups of watched files that reached the instance
 * @wakes: wake-ups of waiters
 * @spurious: wakes after which the waiter found nothing before it slept again or returned
 * @events: events delivered
 * @overflows: items put on the overflow list
 * @scan_ns: time in scans
 * @waits_under_way: waits that began before the probes were attached, and were woken
 * @watches: additions minus removals
 */
struct top_counts {
	__u64 callbacks;
	__u64 wakes;
	__u64 spurious;
	__u64 events;
	__u64 overflows;
	__u64 scan_ns;
	__u64 waits_under_way;
	__s64 watches;
};

/**
 * struct top_instance - an instance
 * @ep: its address
 * @seen_since: when it was created or found; distinguishes it from an earlier one at this address
 * @scan_began: start of the current scan, or 0
 * @ready_since: the first callback since the last scan by a wait, or 0
 * @kind: enum top_kind
 * @pid: the process that created it, or that was found to have it
 * @fd: its descriptor in that process
 * @found: it existed before the probes were attached
 */
struct top_instance {
	struct top_counts counts;
	__u64 ep;
	__u64 seen_since;
	__u64 scan_began;
	__u64 ready_since;
	__u32 kind;
	__u32 pid;
	__s32 fd;
	__u32 found;
	char command[TOP_COMMAND_SIZE];
};

/**
 * struct top_wait - a thread that waits or has waited
 * @ep: the instance that it waits on, or 0
 * @woken: when it was woken, if it has not slept again since; or 0
 * @seen_since: when it was first seen to wait; distinguishes it from a later thread with this tid
 */
struct top_wait {
	__u64 ep;
	__u64 woken;
	__u64 seen_since;
};

/**
 * struct top_worker_key - a thread that waits or has waited on an instance
 * @instance_since: seen_since of the instance
 * @thread_since: seen_since of the thread
 */
struct top_worker_key {
	__u64 ep;
	__u64 instance_since;
	__u64 thread_since;
	__u32 tid;
	__u32 zero;
};

/**
 * struct top_worker - counters of such a thread on this instance
 * @away_ns: time between its waits. When the thread leaves a wait, the current time is subtracted;
 *	when it comes back, the current time is added. The value is negative while the thread is
 *	away. One word, read atomically, holds both the sum and that state.
 * @left: when it last left a wait
 * @longest_ns: the longest absence that ended while @turn was current
 * @turn: number of completed observations
 * @events: events delivered to it
 * @deliveries: waits that delivered them
 * @pid: its process
 * @parent: the parent of that process
 * @serves: its last wait delivered events
 */
struct top_worker {
	__s64 away_ns;
	__u64 left;
	__u64 longest_ns;
	__u64 turn;
	__u64 events;
	__u64 deliveries;
	__u32 pid;
	__u32 parent;
	__u32 serves;
	__u32 zero;
	char command[TOP_COMMAND_SIZE];
};

/**
 * struct top_histogram_key - an instance
 * @seen_since: seen_since of the instance
 */
struct top_histogram_key {
	__u64 ep;
	__u64 seen_since;
};

/**
 * struct top_histograms - times of an instance, in nanoseconds
 * @counts: by enum top_histogram, then by bit length
 */
struct top_histograms {
	__u64 counts[TOP_HISTOGRAMS][TOP_BUCKETS];
};

/**
 * struct top_holder - a descriptor of an instance, as the iterator writes it
 * @ep: the instance
 * @watches: of a native instance; -1 if the kernel does not count them
 */
struct top_holder {
	__u64 ep;
	__u32 kind;
	__u32 pid;
	__s32 fd;
	__s32 watches;
	char command[TOP_COMMAND_SIZE];
};

/**
 * struct top_lost - what the full maps did not record
 * @instances: instances
 * @waits: waits of further threads
 * @workers: waits of further threads on instances
 * @histograms: values for further instances
 * @closed: closed instances that were not read yet
 */
struct top_lost {
	__u64 instances;
	__u64 waits;
	__u64 workers;
	__u64 histograms;
	__u64 closed;
};

#endif /* XPOLL_PROBES_TOP_H */
