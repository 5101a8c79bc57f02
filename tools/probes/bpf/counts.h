/* SPDX-License-Identifier: GPL-2.0-only */
// What counts.bpf.c counts and xpoll-compare reads.
#ifndef XPOLL_PROBES_BPF_COUNTS_H
#define XPOLL_PROBES_BPF_COUNTS_H

#ifdef __cplusplus
#include <linux/types.h>
#endif

/* Each system call has a number below this, each command of xpoll's below the next. */
#define COUNTS_SYSTEM_CALLS   512
#define COUNTS_XPOLL_COMMANDS 8
/* Pinned to <linux/xpoll.h>, which does not go together with vmlinux.h, in counter.cc. */
#define COUNTS_XPOLL_MAGIC 0xE9
#define COUNTS_XPOLL_WAIT  3
/* Of events per wait: bucket n holds 2^n and more, the last one all that is beyond. */
#define COUNTS_BUCKETS 16

struct counts {
	__u64 tasks;	  /* processes and threads that were followed */
	__u64 lost_tasks; /* that were not: no room */
	__u64 native_instances;
	__u64 xpoll_instances;
	__u64 lost_instances;
	__u64 waits;	   /* calls of epoll_wait and its kin, and of XPOLL_IOC_WAIT */
	__u64 waits_slept; /* of them, those that slept at least once */
	__u64 waits_empty; /* that returned 0 */
	__u64 waits_failed;
	__u64 sleeps;		  /* how often a task slept in a wait */
	__u64 wakeups;		  /* of a task in a wait */
	__u64 all_wakeups;	  /* of any task that is followed */
	__u64 events;		  /* that waits returned */
	__u64 callbacks;	  /* wake-ups of files that reached a watch */
	__u64 voluntary_switches; /* but for a task's last */
	__u64 involuntary_switches;
	__u64 events_per_wait[COUNTS_BUCKETS];
	__u64 system_calls[COUNTS_SYSTEM_CALLS]; /* xpoll's commands not among them */
	__u64 xpoll_commands[COUNTS_XPOLL_COMMANDS];
};

#endif /* XPOLL_PROBES_BPF_COUNTS_H */
