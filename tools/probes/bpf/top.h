/* SPDX-License-Identifier: GPL-2.0-only */
/* What xpoll-top's program in the kernel and the one outside hand each other. */
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

/* A bucket for 0, and one for the values of each number of bits. */
#define TOP_BUCKETS 65

/**
 * struct top_counts - what was seen of an instance since it is watched
 * @callbacks: wake-ups of watched files that reached the instance
 * @wakes: wake-ups given to waiters
 * @spurious: those whose waiter found nothing before it slept again or returned
 * @events: events delivered
 * @overflows: items put on the overflow list
 * @scan_ns: time in scans
 * @waits_under_way: waits that had begun before they could be seen, and were woken
 * @watches: additions less removals
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
 * @seen_since: when it was made or found; tells it from another that was at this address before
 * @scan_began: when the scan that runs began, or 0
 * @ready_since: the first callback since a wait last found out what is ready, or 0
 * @kind: enum top_kind
 * @pid: of the process that made it, or was found with it
 * @fd: its descriptor there
 * @found: it was there before it was watched
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
 * struct top_wait - a thread that waits, or has
 * @ep: on what; 0 when it does not wait
 * @woken: when it was, if it has not slept again since; or 0
 * @seen_since: when it was first seen to wait; tells it from a later thread of this number
 */
struct top_wait {
	__u64 ep;
	__u64 woken;
	__u64 seen_since;
};

/**
 * struct top_worker_key - a thread that waits on an instance, or has
 * @instance_since: the seen_since of the instance
 * @thread_since: that of the thread
 */
struct top_worker_key {
	__u64 ep;
	__u64 instance_since;
	__u64 thread_since;
	__u32 tid;
	__u32 zero;
};

/**
 * struct top_worker - what was seen of such a thread on this instance
 * @away_ns: time between its waits. While it is away, the time at which it left is subtracted and
 *	that at which it will be back is not added yet, so that the sum is negative: one word, which
 *	is read whole, says how long it was away and whether it is
 * @left: when it was last seen to leave
 * @longest_ns: the longest absence that ended while @turn was current
 * @turn: number of observations that were made before
 * @events: delivered to it
 * @deliveries: waits that delivered them
 * @pid: its process
 * @parent: that process's parent
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
 * @seen_since: that of the instance
 */
struct top_histogram_key {
	__u64 ep;
	__u64 seen_since;
};

/**
 * struct top_histograms - times in nanoseconds, of an instance
 * @counts: by enum top_histogram and by their number of bits
 */
struct top_histograms {
	__u64 counts[TOP_HISTOGRAMS][TOP_BUCKETS];
};

/**
 * struct top_holder - a descriptor of an instance, as the iterator writes it
 * @ep: the instance
 * @watches: of a native instance; -1 where the kernel does not count them
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
 * struct top_lost - what could not be followed
 * @instances: for want of room for more instances
 * @waits: for want of room for more threads
 * @workers: for want of room for more threads on instances
 * @histograms: values, for want of room for the histograms of more instances
 * @closed: ends of instances, for want of room until they were read
 */
struct top_lost {
	__u64 instances;
	__u64 waits;
	__u64 workers;
	__u64 histograms;
	__u64 closed;
};

#endif /* XPOLL_PROBES_TOP_H */
