/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The records that path.bpf.c passes to xpoll-path: plain data for C and C++. Needs the kernel's
 * __u types.
 */
#ifndef XPOLL_PROBES_BPF_PATH_H
#define XPOLL_PROBES_BPF_PATH_H

/* The stages of an event's path, in order. */
enum path_stage {
	PATH_RECEIVED,	  /* netif_receive_skb: the packet leaves its driver */
	PATH_TCP,	  /* tcp_v4_rcv */
	PATH_ESTABLISHED, /* tcp_rcv_established */
	PATH_READABLE,	  /* sock_def_readable */
	PATH_CALLBACK,	  /* epoll's or xpoll's entry in the socket's wait queue */
	PATH_WAKING,	  /* the callback wakes a task that waits */
	PATH_RUNNING,	  /* that task is on a processor */
	PATH_POLLED,	  /* the task polled the socket (tcp_poll) to deliver the event */
	PATH_RETURNED,	  /* the wait returns */
	PATH_STAGES,
};

/* The number of stages that precede the watch. */
#define PATH_ARRIVAL_STAGES (PATH_READABLE + 1)

enum path_kind { PATH_NATIVE, PATH_XPOLL, PATH_KINDS };

/* When, on which CPU and in which task a stage was passed. ns is 0 if it was not passed. */
struct path_mark {
	__u64 ns;
	__u32 tid;
	__u32 cpu;
};

/* The first member of each record. */
enum path_record { PATH_RECORD_EVENT, PATH_RECORD_RETURN };

/* An event on its path to the waiting task. The last stage follows in the task's path_return. */
struct path_event {
	__u32 record;
	__u32 kind;
	struct path_mark marks[PATH_RETURNED];
	__u64 instance;
	__u64 asleep_ns;	/* when the task last went to sleep in this wait; 0 if it did not */
	struct path_mark woken; /* the task's last wake-up, by this event or by anything else */
	__s32 fd;		/* the watched descriptor, or -1 if only the file is known */
	__u32 packets;		/* packets that arrived before the event was taken */
	__u32 mask;		/* the socket's ready events */
	__u32 tid;
	__u32 tgid;
	__u16 local_port;
	__u16 remote_port;
	char comm[16];
};

/* A wait returned with events. */
struct path_return {
	__u32 record;
	__u32 tid;
	struct path_mark mark;
	/*
	 * number of records that the wait has sent; earlier ones belong to a return that was
	 * lost
	 */
	__u32 events;
	__s32 ret;
};

/* Per-CPU counters. */
enum path_count {
	PATH_LOST_RECORDS, /* the ring buffer was full */
	PATH_LOST_STATE,   /* a table was full */
	PATH_COUNTS,
};

#endif
