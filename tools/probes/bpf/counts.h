/* SPDX-License-Identifier: GPL-2.0-only */
// The counters that counts.bpf.c fills and xpoll-compare reads.
#ifndef XPOLL_PROBES_BPF_COUNTS_H
#define XPOLL_PROBES_BPF_COUNTS_H

#ifdef __cplusplus
#include <linux/types.h>
#endif

/* Exclusive upper bounds of system call numbers and of xpoll's command numbers. */
#define COUNTS_SYSTEM_CALLS   512
#define COUNTS_XPOLL_COMMANDS 8
/* From <linux/xpoll.h>, which conflicts with vmlinux.h. counter.cc checks the value. */
#define COUNTS_XPOLL_MAGIC 0xE9
#define COUNTS_XPOLL_WAIT  3
/* Events per wait: bucket n counts values from 2^n up, the last bucket all larger ones. */
#define COUNTS_BUCKETS 16

struct counts {
	__u64 tasks;	  /* processes and threads that were followed */
	__u64 lost_tasks; /* tasks that were not followed for lack of room */
	__u64 native_instances;
	__u64 xpoll_instances;
	__u64 lost_instances;
	__u64 waits;	   /* calls of epoll_wait and its variants, and of XPOLL_IOC_WAIT */
	__u64 waits_slept; /* waits that slept at least once */
	__u64 waits_empty; /* waits that returned 0 */
	__u64 waits_failed;
	__u64 sleeps;		  /* number of sleeps in a wait */
	__u64 wakeups;		  /* wake-ups of a task in a wait */
	__u64 all_wakeups;	  /* wake-ups of any followed task */
	__u64 events;		  /* events that waits returned */
	__u64 callbacks;	  /* wake-ups of files that reached a watch */
	__u64 voluntary_switches; /* without a task's last switch */
	__u64 involuntary_switches;
	__u64 events_per_wait[COUNTS_BUCKETS];
	__u64 system_calls[COUNTS_SYSTEM_CALLS]; /* without xpoll's commands */
	__u64 xpoll_commands[COUNTS_XPOLL_COMMANDS];
};

#endif /* XPOLL_PROBES_BPF_COUNTS_H */
