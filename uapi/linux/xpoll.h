/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * xpoll - readiness notification over /dev/xpoll
 *
 * The whole ABI between xpoll.ko and user space. Two kinds of descriptor
 * take these calls:
 *
 *   the device    open("/dev/xpoll", O_RDWR); any number may be open; takes
 *                 XPOLL_IOC_FEATURES, XPOLL_IOC_CREATE, XPOLL_IOC_CREATE_KEYED,
 *                 XPOLL_IOC_CREATE_RING, XPOLL_IOC_GROUP, XPOLL_IOC_KEY,
 *                 XPOLL_IOC_STATS, XPOLL_IOC_PROCESS and XPOLL_IOC_WAKE, and mmap()
 *                 after that
 *   an instance   created by XPOLL_IOC_CREATE[_KEYED] or XPOLL_IOC_CREATE_RING, or by
 *                 epoll_create(2) after XPOLL_IOC_PROCESS; takes XPOLL_IOC_CTL,
 *                 XPOLL_IOC_WAIT, XPOLL_IOC_ENTER, XPOLL_IOC_CHANGE, XPOLL_IOC_POST,
 *                 XPOLL_IOC_STATS, XPOLL_IOC_WAKE, XPOLL_IOC_WORKER,
 *                 XPOLL_IOC_SET_BUSY_POLL and XPOLL_IOC_GET_BUSY_POLL, and mmap() of its
 *                 ring if it has one, and of its table of workers once it has a wake policy;
 *                 with XPOLL_FEATURE_EPOLL_CALLS also epoll's own system calls; can itself
 *                 be polled
 *
 * Rules that hold for every call:
 *
 * - Structures have the same layout for 32-bit and 64-bit callers. Pointers
 *   are passed as __u64.
 * - Reserved and padding fields must be zero, and unknown flags must not be
 *   set: EINVAL. A later version may give them a meaning.
 * - A command of type XPOLL_IOC_MAGIC that the descriptor does not know fails
 *   with ENOTTY. The size of a structure is part of its command's number, so a
 *   structure that grows gets a new number and the old one keeps working.
 *   Commands of other types fail with ENOTTY on the device. On an instance they fail as on
 *   native epoll, before Linux 6.9 with ENOTTY and since then with EINVAL, except for
 *   XPOLL_IOC_SET_BUSY_POLL and XPOLL_IOC_GET_BUSY_POLL.
 * - A call fails with EBADF if the descriptor is not open, then with EFAULT if
 *   the argument structure can't be read, before anything else is checked.
 * - Any number of threads may make calls on the same descriptor at once.
 * - A fatal signal may end any call with EINTR, which no program sees, because the process ends.
 * - Event arrays are arrays of struct epoll_event from <sys/epoll.h> (in the
 *   kernel <linux/eventpoll.h>), 12 bytes each on x86, unless XPOLL_ENTER_EXTENDED
 *   asks for others, and the event bits are epoll's.
 *
 * A rule that is called epoll's is the one in epoll_ctl(2) and epoll_wait(2).
 * Where these do not say, it is what fs/eventpoll.c does.
 */
#ifndef _UAPI_LINUX_XPOLL_H
#define _UAPI_LINUX_XPOLL_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Free in Documentation/userspace-api/ioctl/ioctl-number.rst. */
#define XPOLL_IOC_MAGIC 0xE9

/* Value of xpoll_features.abi_version. Increases when the meaning of an existing call changes. */
#define XPOLL_ABI_VERSION 1

/* Bits of xpoll_features.features. */

/* Closing the last descriptor of a watched file removes its watches. Always set. */
#define XPOLL_FEATURE_LAST_CLOSE (1ULL << 0)
/* XPOLL_WAIT_ABSTIME is known. */
#define XPOLL_FEATURE_WAIT_ABSTIME (1ULL << 1)
/* EPOLLWAKEUP keeps the system awake: the kernel has CONFIG_PM_SLEEP. */
#define XPOLL_FEATURE_WAKEUP (1ULL << 2)
/* XPOLL_WAIT_TIMESPEC is known. */
#define XPOLL_FEATURE_WAIT_TIMESPEC (1ULL << 3)
/* XPOLL_IOC_GROUP and XPOLL_IOC_STATS are known. */
#define XPOLL_FEATURE_STATS (1ULL << 4)
/* XPOLL_IOC_KEY and XPOLL_IOC_CREATE_KEYED are known. */
#define XPOLL_FEATURE_KEY (1ULL << 5)
/* XPOLL_IOC_WAKE, XPOLL_IOC_WORKER, xpoll_wait.worker and mmap() are known. */
#define XPOLL_FEATURE_WAKE (1ULL << 6)
/* XPOLL_IOC_PROCESS is known. */
#define XPOLL_FEATURE_PROCESS (1ULL << 7)
/*
 * Instances take epoll's own system calls, from every process: epoll_ctl(2), epoll_wait(2),
 * epoll_pwait(2), epoll_pwait2(2), and io_uring's IORING_OP_EPOLL_CTL and, where there is one,
 * IORING_OP_EPOLL_WAIT. They act as on a native instance; the differences are those of
 * XPOLL_IOC_CTL and XPOLL_IOC_WAIT. Without this bit they fail with EINVAL. It is set by the
 * first XPOLL_IOC_PROCESS that opts a process in, or by the module parameter epoll_calls, and
 * stays set until the module is unloaded. It does not get set where the kernel can't be hooked:
 * where a BPF program is attached to one of epoll's functions, or where the compiler left none
 * to hook.
 */
#define XPOLL_FEATURE_EPOLL_CALLS (1ULL << 8)
/* XPOLL_IOC_ENTER is known. */
#define XPOLL_FEATURE_ENTER (1ULL << 9)
/* XPOLL_IOC_POST is known. */
#define XPOLL_FEATURE_POST (1ULL << 10)
/* XPOLL_IOC_CREATE_RING, XPOLL_CHANGE_SLOT and XPOLL_ENTER_RING are known. */
#define XPOLL_FEATURE_RING (1ULL << 11)
/* XPOLL_CHANGE_CLOSE, XPOLL_CREATE_CLOSE_REMOVES and xpoll_process.flags are known. */
#define XPOLL_FEATURE_CLOSE_REMOVES (1ULL << 12)
/* XPOLL_CHANGE_COOKIE and XPOLL_IOC_CHANGE are known. */
#define XPOLL_FEATURE_COOKIE (1ULL << 13)
/* XPOLL_CHANGE_ONLY is known. */
#define XPOLL_FEATURE_ONLY (1ULL << 14)
/* XPOLL_ENTER_RESTART is known. */
#define XPOLL_FEATURE_RESTART (1ULL << 15)
/* XPOLL_ENTER_EXTENDED and XPOLL_CHANGE_TIME are known. */
#define XPOLL_FEATURE_EXTENDED (1ULL << 16)
/* XPOLL_CHANGE_REMOVED is known. */
#define XPOLL_FEATURE_REMOVED (1ULL << 17)
/*
 * XPOLL_IOC_SET_BUSY_POLL and XPOLL_IOC_GET_BUSY_POLL are known: the kernel has
 * CONFIG_NET_RX_BUSY_POLL.
 */
#define XPOLL_FEATURE_BUSY_POLL (1ULL << 18)

/**
 * struct xpoll_features - what this module can do, and its limits
 * @features: XPOLL_FEATURE_* bits
 * @max_user_watches: largest number of watches of one user, those of native
 *	epoll included; the module parameter of that name. An instance's table of cookies, or
 *	of slots, counts as one watch for each 12 of its entries beyond the first 16. It grows
 *	by doubling and does not shrink
 * @abi_version: XPOLL_ABI_VERSION of the module
 * @max_events: largest xpoll_wait.maxevents
 * @max_nests: largest number of links between instances in a chain
 * @reserved: zero
 *
 * The kernel writes all of it and reads none of it.
 */
struct xpoll_features {
	__u64 features;
	__u64 max_user_watches;
	__u32 abi_version;
	__u32 max_events;
	__u32 max_nests;
	__u32 reserved[5];
};

/* Bit of xpoll_create.flags: set close-on-exec. Equals O_CLOEXEC and EPOLL_CLOEXEC. */
#define XPOLL_CLOEXEC 02000000
/*
 * Bit of xpoll_create.flags: each watch that is added to the instance, by whatever call, ends with
 * its descriptor, as with XPOLL_CHANGE_CLOSE.
 */
#define XPOLL_CREATE_CLOSE_REMOVES 1

/**
 * struct xpoll_create - a new instance
 * @flags: XPOLL_CLOEXEC and XPOLL_CREATE_* bits
 * @group: number of the group that counts it (XPOLL_IOC_GROUP), 0 for none
 */
struct xpoll_create {
	__u32 flags;
	__u32 group;
};

/**
 * struct xpoll_create_keyed - a new instance, possibly in another user's group
 * @flags: as in struct xpoll_create
 * @group: as in struct xpoll_create
 * @key: the group's key (XPOLL_IOC_KEY), 0 for none; no group has key 0
 */
struct xpoll_create_keyed {
	__u32 flags;
	__u32 group;
	__u64 key;
};

/* The number of slots of a ready ring: a power of two in this range. */
#define XPOLL_RING_SLOTS_MIN 2U
#define XPOLL_RING_SLOTS_MAX (1U << 20)

/**
 * struct xpoll_create_ring - a new instance with a ready ring
 * @flags: 0 or XPOLL_CLOEXEC
 * @group: as in struct xpoll_create
 * @key: as in struct xpoll_create_keyed
 * @slots: number of slots, a power of two, XPOLL_RING_SLOTS_MIN to XPOLL_RING_SLOTS_MAX.
 *	Slot 0 belongs to XPOLL_IOC_POST, and each watch has one of the others
 * @reserved: zero
 */
struct xpoll_create_ring {
	__u32 flags;
	__u32 group;
	__u64 key;
	__u32 slots;
	__u32 reserved[3];
};

/* Offset of the ring for mmap(2). */
#define XPOLL_RING_OFFSET 0x10000000

/* Bit of xpoll_ring_header.flags: XPOLL_IOC_ENTER would poll the file of some watch. */
#define XPOLL_RING_ENTER (1U << 0)

/**
 * struct xpoll_ring_header - the start of a ready ring
 * @slots: number of slots, and of entries of the index array
 * @slots_offset: offset in the mapping of the slots, an array of struct xpoll_ring_slot
 * @index_offset: offset in the mapping of the index array, an array of __u32
 * @size: bytes of the whole ring, for mmap(2)
 * @tail: number of entries that the kernel has appended, modulo 2^32
 * @flags: XPOLL_RING_* bits
 * @head: number of entries that the consumers have taken, modulo 2^32
 *
 * The first four fields do not change. The kernel writes @tail and @flags, consumers write
 * @head; each is on a cache line of its own. The rest is zero, and a later version may give
 * it a meaning.
 */
struct xpoll_ring_header {
	__u32 slots;
	__u32 slots_offset;
	__u32 index_offset;
	__u32 size;
	__u32 reserved[12];
	__u32 tail;
	__u32 flags;
	__u32 reserved_kernel[14];
	__u32 head;
	__u32 reserved_user[15];
};

/*
 * Bit of xpoll_ring_slot.bits, which no event has: the slot is in the index array, or a
 * consumer owns it.
 */
#define XPOLL_RING_QUEUED (1U << 31)

/**
 * struct xpoll_ring_slot - the events of a watch
 * @bits: event bits that the kernel adds, and XPOLL_RING_QUEUED
 * @reserved: zero
 * @data: the watch's, written by the kernel
 */
struct xpoll_ring_slot {
	__u32 bits;
	__u32 reserved;
	__aligned_u64 data;
};

/**
 * struct xpoll_ctl - add, change or remove one watch
 * @op: EPOLL_CTL_ADD, EPOLL_CTL_MOD or EPOLL_CTL_DEL
 * @fd: the descriptor; it and its open file identify the watch
 * @event: address of a struct epoll_event; EPOLL_CTL_DEL ignores it
 */
struct xpoll_ctl {
	__s32 op;
	__s32 fd;
	__u64 event;
};

/* Bit of xpoll_wait.flags: timeout_ns is absolute, on CLOCK_MONOTONIC. */
#define XPOLL_WAIT_ABSTIME (1U << 0)
/*
 * Bit of xpoll_wait.flags: timeout_ns is the address of a struct __kernel_timespec
 * that has the timeout, or 0 for a wait without limit, as in epoll_pwait2(2).
 */
#define XPOLL_WAIT_TIMESPEC (1U << 1)

/**
 * struct xpoll_wait - wait for events
 * @events: address of an array of struct epoll_event
 * @timeout_ns: nanoseconds. Negative: wait without limit. Otherwise a relative
 *	timeout, where 0 does not wait; with XPOLL_WAIT_ABSTIME an absolute timeout
 *	on CLOCK_MONOTONIC of the caller's time namespace, where one in the past
 *	does not wait.
 *	Like epoll's, a timeout may expire late by the thread's timer slack or by
 *	0.1 % of the timeout (0.5 % for a nice thread, at most 100 ms), whichever is
 *	more.
 * @sigmask: address of a kernel signal set to block while waiting, set and
 *	restored atomically as by epoll_pwait(2); 0 for none
 * @maxevents: length of @events, 1 to xpoll_features.max_events
 * @flags: XPOLL_WAIT_* bits
 * @sigsetsize: size of the signal set: 8; ignored if @sigmask is 0
 * @worker: number of the caller's entry in the instance's table of workers, 1 to
 *	XPOLL_WORKERS_MAX, or 0 for none; see XPOLL_IOC_WAKE
 */
struct xpoll_wait {
	__u64 events;
	__s64 timeout_ns;
	__u64 sigmask;
	__s32 maxevents;
	__u32 flags;
	__u32 sigsetsize;
	__u32 worker;
};

/*
 * Value of xpoll_change.op besides EPOLL_CTL_ADD, _MOD and _DEL: change the watch of the
 * descriptor if there is one, otherwise add it.
 */
#define XPOLL_CTL_UPSERT 0x100

/*
 * Bit of xpoll_change.flags, on an instance with a ready ring: fd is the number of a slot,
 * and the change, EPOLL_CTL_MOD or EPOLL_CTL_DEL, is one of the watch that has it.
 */
#define XPOLL_CHANGE_SLOT (1U << 0)

/**
 * struct xpoll_change - one of the changes of XPOLL_IOC_ENTER
 * @op: EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL or XPOLL_CTL_UPSERT
 * @flags: XPOLL_CHANGE_* bits
 * @fd: as in struct xpoll_ctl. MOD and DEL with XPOLL_CHANGE_COOKIE: the low 32 bits of the
 *	watch's cookie. With XPOLL_CHANGE_SLOT: the number of the watch's slot
 * @events: event bits; EPOLL_CTL_DEL ignores them, as @data
 * @result: written by the kernel: 0, or a negated errno. On an instance with a ready ring
 *	EPOLL_CTL_ADD and XPOLL_CTL_UPSERT return the watch's slot, 1 or more, in place of 0.
 *	MOD and DEL with XPOLL_CHANGE_COOKIE: before the call the high 32 bits of the cookie
 * @data: returned with each event. ADD with XPOLL_CHANGE_COOKIE: if it succeeds, the kernel
 *	replaces it in this structure by the cookie
 */
struct xpoll_change {
	__u16 op;
	__u16 flags;
	__s32 fd;
	__u32 events;
	__s32 result;
	__u64 data;
};

/*
 * Bit of xpoll_change.flags, for EPOLL_CTL_ADD and XPOLL_CTL_UPSERT: the watch ends when the
 * descriptor is closed in the table of descriptors of the task that adds the watch, even if the
 * open file has other descriptors and stays open. So no event comes for a number that is gone.
 *
 * Whatever closes the number ends the watch: close(2), dup2(2) of another file onto it,
 * close_range(2), exec of a close-on-exec descriptor, the exit of the last task that shares the
 * table, io_uring. A copy in a child of fork(2), one that SCM_RIGHTS or pidfd_getfd(2) has passed,
 * or a dup(2), each has a number of its own: closing it ends no watch of this one, and while
 * there is one, closing this one ends the watch all the same. After unshare(CLONE_FILES) a close in
 * the new table ends no watch of the old one. dup2(2) of the same open file onto the number does
 * not end the watch, because the number still refers to the same file.
 *
 * When the call that closes the number returns, the watch has ended. It waits for no call on the
 * instance: if one is under way in another thread, that one may still return an event of the watch
 * that it found before the close. No call that begins after the close does. The kernel does not
 * say which number is closed. So if a thread gives the number to the same open file before the call
 * that closes it has returned, the watch may end or go on.
 *
 * A close in the table looks at all such watches of the open file in this table: there are 256 at
 * most. Each counts as one towards xpoll_features.max_user_watches, though it takes 320 bytes in
 * place of the 192 of a watch without flags.
 *
 * UPSERT of a descriptor that is watched leaves the watch what it is in this respect.
 */
#define XPOLL_CHANGE_CLOSE (1U << 8)
/*
 * Bit of xpoll_change.flags. With EPOLL_CTL_ADD the watch gets a cookie, a number of 64 bits that
 * no other watch of the instance has had before 2^32 watches have ended. With EPOLL_CTL_MOD and
 * EPOLL_CTL_DEL the cookie says which watch is meant, in place of the descriptor. So it can be
 * changed or removed after the descriptor was closed, or has become another file's, and by a task
 * that never had it. The cookie of a watch that has ended fails with ENOENT. MOD by cookie neither
 * gives nor takes a watch what ADD's flags have given it.
 */
#define XPOLL_CHANGE_COOKIE (1U << 9)
/*
 * Bit of xpoll_change.flags, for EPOLL_CTL_ADD, EPOLL_CTL_MOD and XPOLL_CTL_UPSERT: the watch
 * reports the events in @events only. It reports EPOLLERR and EPOLLHUP only if @events has them;
 * all other watches always report them. The flag holds until the next change of the watch.
 */
#define XPOLL_CHANGE_ONLY (1U << 10)
/*
 * Bit of xpoll_change.flags, for EPOLL_CTL_ADD and XPOLL_CTL_UPSERT: when the watch has ended, by
 * any cause but the end of the instance, it has a last event: XPOLL_EVENT_REMOVED alone, with the
 * watch's data. The event is delivered once, by any call that delivers events, and can't get lost.
 * A wait that begins to store events after that delivers no event of the watch. But another thread
 * may still have an earlier one: see xpoll_enter.batch.
 *
 * DEL, by number or cookie, leads to the event too. The watch counts towards
 * xpoll_features.max_user_watches until the event was delivered, so a program that does not wait
 * for events may reach the limit. XPOLL_IOC_STATS counts it as ended. UPSERT of a descriptor that
 * is watched neither sets nor clears this. Since such an event wakes whoever watches the instance,
 * this ADD, and a later one that nests the instance, fail if there are too many wake-up paths: see
 * EINVAL of XPOLL_IOC_CTL.
 */
#define XPOLL_CHANGE_REMOVED (1U << 11)
/*
 * Bit of an event of a watch with XPOLL_CHANGE_REMOVED: the watch has ended, and this is its last
 * event. No file has it.
 */
#define XPOLL_EVENT_REMOVED 0x1000
/*
 * Bit of xpoll_change.flags, for EPOLL_CTL_ADD and XPOLL_CTL_UPSERT: the watch keeps when and how
 * often it was woken, for xpoll_event.time_ns and .wakeups. A group's wake policy does not choose
 * among EPOLLEXCLUSIVE watches that do. UPSERT of a descriptor that is watched neither sets nor
 * clears this.
 */
#define XPOLL_CHANGE_TIME (1U << 12)

/* The most changes of one XPOLL_IOC_ENTER. */
#define XPOLL_CHANGES_MAX 4096

/* Bits of xpoll_enter.flags. */

/* As XPOLL_WAIT_ABSTIME. */
#define XPOLL_ENTER_ABSTIME (1U << 0)
/* The first change that fails is the last one that is made, and the call does not sleep then. */
#define XPOLL_ENTER_STOP (1U << 1)
/* Events stay in the ready ring: the call returns the number of entries. */
#define XPOLL_ENTER_RING (1U << 2)
/*
 * If no signal handler runs, the wait goes on where it would fail with EINTR: after SIGSTOP and
 * SIGCONT, a stop by a debugger, or a freeze when the system was suspended. If fewer events than
 * @minevents are ready then, it returns these, as without the flag. If a handler runs, the call
 * fails with EINTR as always. @nchanges and @min_wait_ns must be 0, and a @timeout_ns greater than
 * 0 needs XPOLL_ENTER_ABSTIME, otherwise EINVAL.
 */
#define XPOLL_ENTER_RESTART (1U << 16)
/*
 * @events is an array of struct xpoll_event, and the kernel writes @batch. Not on an instance with
 * a ready ring.
 */
#define XPOLL_ENTER_EXTENDED (1U << 17)

/* Value of xpoll_event.amount: the kernel can't tell it. */
#define XPOLL_AMOUNT_UNKNOWN (~0U)
/* Value of xpoll_event.cookie: the watch has none. No watch has this one. */
#define XPOLL_COOKIE_NONE (~0ULL)

/**
 * struct xpoll_event - an extended event, of XPOLL_ENTER_EXTENDED
 * @events: event bits
 * @wakeups: how often the file has woken the watch, with an event that the watch waits for, since
 *	the last extended event of the watch; does not grow beyond 65535; 0 without
 *	XPOLL_CHANGE_TIME
 * @amount: bytes that can be read, or connections that can be accepted, or XPOLL_AMOUNT_UNKNOWN
 * @data: the watch's
 * @cookie: the watch's, or XPOLL_COOKIE_NONE
 * @time_ns: when the first of @wakeups came, in nanoseconds on CLOCK_MONOTONIC of the caller's time
 *	namespace; 0 if @wakeups is 0, as for an event that was there when the watch was added
 *
 * @amount is known for
 *  - a TCP socket: the connections to be accepted if it listens, otherwise the bytes in order;
 *  - a listening UNIX socket: the connections to be accepted;
 *  - a UDP socket, or a UNIX one of datagrams or packets: the length of the first datagram, which
 *    may turn out to have a wrong checksum.
 *
 * It is unknown for
 *  - a TCP socket whose connection is being set up, that has urgent data which is not to be read in
 *    line, or whose data the kernel decrypts or redirects (kernel TLS, sockmap);
 *  - a UNIX stream, a pipe, and any other file;
 *  - a socket of datagrams that has none, or whose queue is locked at this moment;
 *  - XPOLL_IOC_POST's event.
 *
 * It is the amount when the event was stored; more may have come since, and leads to another
 * event. If the peer has closed a TCP connection at this moment, it may be wrong by one. While
 * another thread reads from the socket, or connects it anew, it may be any number.
 *
 * A wake-up that comes while the event is being stored counts for the next one. EPOLLONESHOT
 * watches do not count while they are disarmed.
 */
struct xpoll_event {
	__u16 events;
	__u16 wakeups;
	__u32 amount;
	__u64 data;
	__u64 cookie;
	__u64 time_ns;
};

/**
 * struct xpoll_enter - make changes, then wait for events
 * @changes: address of an array of struct xpoll_change
 * @events: address of an array of struct epoll_event, or with XPOLL_ENTER_EXTENDED of struct
 *	xpoll_event
 * @timeout_ns: as in struct xpoll_wait, with XPOLL_ENTER_ABSTIME in place of
 *	XPOLL_WAIT_ABSTIME. A relative timeout starts after the last change
 * @min_wait_ns: nanoseconds from the start of the wait after which a single event is
 *	enough; 0 for none: @minevents then counts until the timeout expires
 * @sigmask: as in struct xpoll_wait; the changes are made under the thread's own mask
 * @nchanges: length of @changes, up to XPOLL_CHANGES_MAX
 * @maxevents: length of @events, up to xpoll_features.max_events. 0: make the changes and
 *	do not wait. With XPOLL_ENTER_RING 0
 * @minevents: number of events to wait for, up to @maxevents, or with XPOLL_ENTER_RING up to
 *	the number of slots; 0 and 1 are the same
 * @flags: XPOLL_ENTER_* bits
 * @sigsetsize: as in struct xpoll_wait
 * @worker: as in struct xpoll_wait
 * @done: written by the kernel: number of changes that were made and whose results were
 *	stored, from the first one on
 * @failed: written by the kernel: number of those that failed
 * @batch: with XPOLL_ENTER_EXTENDED written by the kernel and not read; otherwise zero. A call that
 *	stores events also stores the number of this batch of events, which is greater than that of
 *	each earlier batch. A call that stores none leaves @batch alone or stores 0. The kernel
 *	stores the number, as one word if it is aligned, before another call can store later events.
 *	Use: each thread has a structure of its own, and sets @batch to 0 when it has handled its
 *	events. If a thread gets XPOLL_EVENT_REMOVED of a watch in batch N, another thread may have
 *	an earlier event of the watch as long as its @batch is between 1 and N - 1. Once each other
 *	@batch was seen to be 0, or N or more, no thread has one. Store the 0 with release
 *	semantics, and load the others' @batch with acquire semantics. If nobody looks again later,
 *	the thread that stores its 0 last has to free the watch's data. Then these accesses, and
 *	those of the word that says that data waits to be freed, must be sequentially consistent
 * @reserved: zero
 */
struct xpoll_enter {
	__u64 changes;
	__u64 events;
	__s64 timeout_ns;
	__u64 min_wait_ns;
	__u64 sigmask;
	__u32 nchanges;
	__s32 maxevents;
	__u32 minevents;
	__u32 flags;
	__u32 sigsetsize;
	__u32 worker;
	__u32 done;
	__u32 failed;
	__u64 batch;
	__u64 reserved[2];
};

/**
 * struct xpoll_stats - what instances have done
 * @instances: instances counted here: 1, or all that were ever in the group
 * @open_instances: those of @instances that still exist
 * @watches: watches that were added, by EPOLL_CTL_ADD or XPOLL_CTL_UPSERT
 * @open_watches: watches that exist now
 * @callbacks: wake-ups of watched files that reached a watch, whether it waits
 *	for their events or not
 * @wakeups: wake-ups given to waiters; a waiter whose timeout expired at that moment
 *	may not have needed it
 * @scans: times that a wait looked through the ready watches; it delivers nothing
 *	if none of them is ready any more
 * @events: events delivered; on an instance with a ready ring: events put into the ring, whoever
 *	takes them
 * @overflows: watches that became ready while a wait or a poll of the instance
 *	looked through the ready watches, and were kept for the next one
 * @reserved: zero
 *
 * Each counter is exact, but they are not all read at one instant.
 */
struct xpoll_stats {
	__u64 instances;
	__u64 open_instances;
	__u64 watches;
	__u64 open_watches;
	__u64 callbacks;
	__u64 wakeups;
	__u64 scans;
	__u64 events;
	__u64 overflows;
	__u64 reserved[7];
};

/* Values of xpoll_process.mode: what epoll_create(2) and epoll_create1(2) create. */

/* Native instances; the default. */
#define XPOLL_PROCESS_NATIVE 0
/* Instances of xpoll. */
#define XPOLL_PROCESS_XPOLL 1
/* No value: change nothing, and return what is set. */
#define XPOLL_PROCESS_ASK 2

/**
 * struct xpoll_process - what epoll_create(2) creates in the caller's process
 * @mode: XPOLL_PROCESS_*
 * @group: with XPOLL_PROCESS_XPOLL: number of the group that the instances join
 *	(XPOLL_IOC_GROUP), 0 for none; otherwise 0
 * @key: with a group: the group's key (XPOLL_IOC_KEY), 0 for none; otherwise 0
 * @flags: with XPOLL_PROCESS_XPOLL: XPOLL_CREATE_* bits of these instances; otherwise 0
 * @reserved: zero
 */
struct xpoll_process {
	__u32 mode;
	__u32 group;
	__u64 key;
	__u32 flags;
	__u32 reserved[3];
};

/* Values of xpoll_wake.policy: who is woken if several could be. */

/* As on native epoll; the default. */
#define XPOLL_WAKE_NATIVE 0
/* The candidate that has waited longest; among instances, each in turn. */
#define XPOLL_WAKE_ROUND_ROBIN 1
/* The candidate with the smallest load; of equals the one that ROUND_ROBIN would take. */
#define XPOLL_WAKE_LEAST_LOADED 2
/* The candidate that a BPF program returns. */
#define XPOLL_WAKE_BPF 3

/* Entries in a table of workers. */
#define XPOLL_WORKERS_MAX 64
/* The most candidates that a program is told of for one wake-up. */
#define XPOLL_CANDIDATES_MAX 32

/**
 * struct xpoll_wake - a wake policy
 * @policy: XPOLL_WAKE_*
 * @prog_fd: with XPOLL_WAKE_BPF: descriptor of a loaded BPF program of type
 *	BPF_PROG_TYPE_RAW_TRACEPOINT, which may be closed afterwards; otherwise 0
 * @heartbeat_ns: the policy passes over a worker whose last heartbeat is older than this,
 *	in nanoseconds; 0 for no limit
 * @reserved: zero
 */
struct xpoll_wake {
	__u32 policy;
	__s32 prog_fd;
	__u64 heartbeat_ns;
	__u64 reserved[2];
};

/**
 * struct xpoll_worker - what a worker tells about itself
 * @load: its load, in a unit of the program's choice
 * @heartbeat_ns: time of its last heartbeat on CLOCK_MONOTONIC, in the time namespace
 *	of the process that last called XPOLL_IOC_WAKE; 0 if it has no heartbeats
 * @reserved: zero
 *
 * An entry of the table of workers, one page that mmap(NULL, page size, PROT_READ |
 * PROT_WRITE, MAP_SHARED, fd, 0) maps: worker n has entry n - 1 of XPOLL_WORKERS_MAX.
 * Workers write with plain 64-bit stores. The kernel may see half of a store that a
 * 32-bit program makes in two parts. The kernel reads the table and never writes it. A
 * mapping keeps the open file of its descriptor, so an instance ends, and a group no
 * longer takes instances, after the last munmap() at the earliest. mmap() fails with
 * ENODEV as long as there is no policy, and unmaps nothing then even with MAP_FIXED; it
 * fails with EINVAL for another size or offset, for a private mapping and with PROT_EXEC.
 * If the process has the personality READ_IMPLIES_EXEC (personality(2)), which adds
 * PROT_EXEC, mmap() succeeds and the page can't be executed.
 */
struct xpoll_worker {
	__u64 load;
	__u64 heartbeat_ns;
	__u64 reserved[6];
};

/**
 * struct xpoll_candidate - a waiter, or an instance, that could be woken
 * @worker: its number in the table of workers, or 0
 * @pid: of a waiter the thread ID, of an instance the ID of the process that created it;
 *	both in the initial PID namespace
 * @load: xpoll_worker.load of @worker. Without a number: 0 for a waiter, for an instance
 *	the number of its watches
 */
struct xpoll_candidate {
	__u32 worker;
	__u32 pid;
	__u64 load;
};

/**
 * struct xpoll_wake_context - what the program of XPOLL_WAKE_BPF is called with
 * @file: kernel address of the struct file whose event this is, 0 if it is not known
 * @flow_hash: hash of the addresses and ports if @file is a TCP connection, otherwise 0,
 *	for a listening socket too
 * @events: what the file reported: poll(2) bits, 0 if it is not known
 * @count: number of candidates, 2 to XPOLL_CANDIDATES_MAX: a single one is taken without
 *	calling the program
 * @candidates: kernel address of an array of struct xpoll_candidate, which
 *	bpf_probe_read_kernel() reads. The first one is the one that
 *	XPOLL_WAKE_ROUND_ROBIN would take
 * @reserved: zero
 *
 * The program returns the index of a candidate. For any other value, -1 by custom, the
 * first one is taken.
 */
struct xpoll_wake_context {
	__u64 file;
	__u64 flow_hash;
	__u64 events;
	__u64 count;
	__u64 candidates;
	__u64 reserved[7];
};

/**
 * struct xpoll_busy_poll - how waits on an instance poll network devices
 * @usecs: how long a wait polls the device before it sleeps, in microseconds, 2^31 - 1 at most.
 *	0: as long as the module parameter busy_poll says. That is 0 too, which means not at all,
 *	unless an administrator has set it
 * @budget: the most packets for each call of the device's driver, 0 for 8
 * @prefer: 1 to prefer busy polling to interrupts, as SO_PREFER_BUSY_POLL does, else 0
 * @reserved: must be zero
 *
 * The layout is that of struct epoll_params, which <linux/eventpoll.h> has since Linux 6.9. All
 * fields of a new instance are 0.
 */
struct xpoll_busy_poll {
	__u32 usecs;
	__u16 budget;
	__u8 prefer;
	__u8 reserved;
};

/**
 * XPOLL_IOC_FEATURES - ask what the module can do
 *
 * On the device. Fills a struct xpoll_features.
 *
 * Return: 0.
 *
 * Errors:
 *   EFAULT  the structure can't be written
 */
#define XPOLL_IOC_FEATURES _IOR(XPOLL_IOC_MAGIC, 0x00, struct xpoll_features)

/**
 * XPOLL_IOC_CREATE - create an instance
 *
 * On the device. The device may be closed afterwards.
 *
 * Return: the descriptor of the instance, opened for reading and writing.
 *
 * Errors:
 *   EINVAL  unknown flag
 *   EOPNOTSUPP XPOLL_CREATE_CLOSE_REMOVES, and the module parameter close_removes forbids it,
 *           or the kernel function that every close of a descriptor calls can't be hooked. If
 *           BPF programs are attached to it and to its substitute, a call tries again, but only
 *           10 seconds after an attempt that failed, whoever made it. After any other error,
 *           which the kernel's log has, all calls fail until root writes the parameter
 *   ESRCH   @group is neither 0 nor the number of a group that the caller may join:
 *           one that was created on this open file; or on an open file that the
 *           caller's effective user opened, by a task of the caller's PID namespace.
 *           The error does not tell whether another group has that number
 *   EMFILE  the process has too many descriptors open
 *   ENFILE  the system has too many files open
 *   ENOMEM  no memory
 */
#define XPOLL_IOC_CREATE _IOW(XPOLL_IOC_MAGIC, 0x01, struct xpoll_create)

/**
 * XPOLL_IOC_CTL - add, change or remove one watch
 *
 * On an instance. Event bits: EPOLLIN, EPOLLOUT, EPOLLPRI, EPOLLRDHUP,
 * EPOLLRDNORM, EPOLLRDBAND, EPOLLWRNORM, EPOLLWRBAND and EPOLLMSG select events;
 * EPOLLERR and EPOLLHUP are always selected; EPOLLET, EPOLLONESHOT, EPOLLEXCLUSIVE
 * and EPOLLWAKEUP have the meaning that epoll_ctl(2) gives. EPOLLWAKEUP is ignored
 * if the caller lacks CAP_BLOCK_SUSPEND.
 *
 * A watch ends with EPOLL_CTL_DEL, with the last close of the watched open file, or
 * with the instance; if it is to (XPOLL_CHANGE_CLOSE), also with its descriptor. It does
 * not hold the file open.
 *
 * Return: 0.
 *
 * Errors, the first that applies (the order is epoll's):
 *   EFAULT  the event can't be read (every op but EPOLL_CTL_DEL, unknown ops too)
 *   EBADF   @fd is not open, or is an O_PATH descriptor
 *   EPERM   @fd can't be polled (a regular file, a directory)
 *   EINVAL  @fd is this instance; or EPOLL_CTL_ADD of a native epoll instance
 *           (neither side's check would see a cycle through both, which deadlocks)
 *   EINVAL  EPOLLEXCLUSIVE with EPOLL_CTL_MOD, on an instance, or with bits other
 *           than IN, OUT, ERR, HUP, WAKEUP and ET
 *   ELOOP   EPOLL_CTL_ADD would create a cycle of instances, or a chain of more
 *           than xpoll_features.max_nests links
 *   EEXIST  EPOLL_CTL_ADD of a descriptor that is watched
 *   ENOENT  EPOLL_CTL_MOD or _DEL of a descriptor that is not watched
 *   EINVAL  EPOLL_CTL_MOD of an EPOLLEXCLUSIVE watch; unknown op
 *   ENOSPC  the user already has xpoll_features.max_user_watches watches; or the watch ends
 *           with its descriptor, and in this table of descriptors the open file has 256
 *           such watches; or no slot of the instance's ready ring is free
 *           (XPOLL_IOC_CREATE_RING)
 *   ENOMEM  no memory
 *   EBADF   the watch ends with its descriptor, and another thread closed it meanwhile
 *   EINVAL  EPOLL_CTL_ADD would give a file, or an instance that has a ready ring or has had an
 *           XPOLL_IOC_POST or a watch with XPOLL_CHANGE_REMOVED, more than 500, 100, 50 or 10
 *           wake-up paths over 1, 2, 3 or 4 links between instances. An instance that others have
 *           watched with XPOLL_CHANGE_REMOVED counts as a file, too
 *
 * A call that fails changes nothing.
 */
#define XPOLL_IOC_CTL _IOW(XPOLL_IOC_MAGIC, 0x02, struct xpoll_ctl)

/**
 * XPOLL_IOC_WAIT - wait for events
 *
 * On an instance. Delivery, order and the effects of EPOLLET, EPOLLONESHOT and
 * EPOLLEXCLUSIVE are epoll's.
 *
 * Return: the number of events stored, 1 to @maxevents; 0 if the timeout expired.
 * If the array can't be written from element k on (the first is 0), the call
 * returns the k events before it, and the rest stay ready.
 *
 * Errors, the first that applies:
 *   EINVAL  unknown flag, or @worker greater than XPOLL_WORKERS_MAX
 *   EFAULT  XPOLL_WAIT_TIMESPEC and the timespec can't be read
 *   EINVAL  XPOLL_WAIT_TIMESPEC and the timespec is negative or has a second or
 *           more of nanoseconds
 *   EINVAL  @sigmask is given and @sigsetsize is wrong
 *   EFAULT  @sigmask can't be read
 *   EINVAL  @maxevents is out of range
 *   EFAULT  @events is not an address range of user space
 *   EFAULT  the first event can't be stored; it stays ready
 *   EINTR   a signal came while nothing was ready; the call is never restarted
 */
#define XPOLL_IOC_WAIT _IOW(XPOLL_IOC_MAGIC, 0x03, struct xpoll_wait)

/**
 * XPOLL_IOC_GROUP - the number of this open device file's group
 *
 * On the device; takes no argument. The first call creates the group. A caller whose
 * effective user opened the device, and whose PID namespace is that of the creating task, or
 * that makes the call on this open file, needs only the number to create instances in the
 * group. Other callers also need the group's key.
 * The number is not secret. The last close of this open file ends the group, but not its
 * instances.
 *
 * Return: the number, 1 or more; the same for every call on this open file.
 *
 * Errors:
 *   ENOMEM  no memory
 *   ENOSPC  no number is free
 */
#define XPOLL_IOC_GROUP _IO(XPOLL_IOC_MAGIC, 0x04)

/**
 * XPOLL_IOC_STATS - what an instance, or a group of instances, has done
 *
 * On an instance: that instance. On the device: all instances of this open file's
 * group, including those that ended. Fills a struct xpoll_stats.
 *
 * Return: 0.
 *
 * Errors:
 *   ENODATA on the device: this open file has no group
 *   EFAULT  the structure can't be written
 */
#define XPOLL_IOC_STATS _IOR(XPOLL_IOC_MAGIC, 0x05, struct xpoll_stats)

/**
 * XPOLL_IOC_CREATE_KEYED - create an instance with the key of its group
 *
 * On the device. Like XPOLL_IOC_CREATE, but callers of any user may join the group
 * with its key: for example a server that has changed its user ID.
 *
 * Return value and errors are those of XPOLL_IOC_CREATE.
 */
#define XPOLL_IOC_CREATE_KEYED _IOW(XPOLL_IOC_MAGIC, 0x06, struct xpoll_create_keyed)

/**
 * XPOLL_IOC_KEY - the key of this open device file's group
 *
 * On the device. Stores a random __u64 other than 0. A process that has it can create
 * instances in the group and, if the group has a wake policy, map its table of workers by
 * such an instance; nothing else.
 *
 * Return: 0.
 *
 * Errors:
 *   ENODATA this open file has no group
 *   EFAULT  the key can't be stored
 */
#define XPOLL_IOC_KEY _IOR(XPOLL_IOC_MAGIC, 0x07, __u64)

/**
 * XPOLL_IOC_WAKE - choose who is woken
 *
 * On an instance, the policy chooses among its waiters. On the device, it chooses among
 * the instances of this open file's group that watch a file with EPOLLEXCLUSIVE; the call
 * creates the group if there is none. A group's policy applies to watches that are added
 * after the group got a policy, to each wait queue of a file separately, and to wake-ups
 * with exactly one of EPOLLIN and EPOLLOUT. A wake-up with both, as at the end of a
 * connection, goes to all instances. A wake-up with neither, as from a signalfd or a
 * message queue, goes to the first instance that has a waiter. An instance that is only
 * polled, or watched by another one, has no waiter. An instance that is created in a
 * group with a policy shares the group's policy and table for its own waiters, until it
 * gets one of its own.
 *
 * A candidate is a waiter without a pending signal, or an instance with a waiter. It is
 * passed over while its worker's last heartbeat is older than @heartbeat_ns, so a worker
 * with heartbeats waits with a shorter timeout than that. If there is no candidate, the
 * event of a group goes to the instance that would get it without a policy, and an
 * instance wakes the waiter at the front of its queue; the event is not lost. Waiters
 * queue in the order in which they began to wait; a waiter that was woken and found
 * nothing is the next again. A policy examines the first 128 waiters or instances; a
 * program is told of at most XPOLL_CANDIDATES_MAX.
 *
 * A later call on the same descriptor changes policy, program and limit, and keeps the
 * table; but the first call on an instance that shares its group's policy gives it a table
 * of its own.
 *
 * Return: 0.
 *
 * Errors:
 *   EINVAL  unknown policy, @reserved not zero, @prog_fd not 0 without XPOLL_WAKE_BPF, or
 *           the program has another type, or may sleep
 *   EPERM   XPOLL_WAKE_BPF and the caller has neither CAP_SYS_ADMIN nor both of CAP_BPF
 *           and CAP_PERFMON
 *   EBADF   XPOLL_WAKE_BPF and @prog_fd is not open
 *   ENOMEM  no memory
 *   ENOSPC  on the device: no number is free for the group
 */
#define XPOLL_IOC_WAKE _IOW(XPOLL_IOC_MAGIC, 0x08, struct xpoll_wake)

/**
 * XPOLL_IOC_WORKER - say which worker an instance belongs to
 *
 * On an instance. Tells the module which entry of the group's table of workers describes
 * the instance: a __u32, 1 to XPOLL_WORKERS_MAX, or 0 for none. The group's policy reads
 * load and heartbeat of that entry. Threads that share an instance pass xpoll_wait.worker
 * instead.
 *
 * Return: 0.
 *
 * Errors:
 *   EINVAL  the number is greater than XPOLL_WORKERS_MAX
 */
#define XPOLL_IOC_WORKER _IOW(XPOLL_IOC_MAGIC, 0x09, __u32)

/**
 * XPOLL_IOC_PROCESS - let epoll_create(2) create instances of xpoll in this process
 *
 * On the device, which may be closed afterwards. Applies to all threads of the caller's
 * process. Processes that it forks inherit what is set at that time, with the group, and a
 * program keeps it that the process executes. A program that runs in secure-execution
 * mode (AT_SECURE in getauxval(3)), as a set-user-ID program does, starts with
 * XPOLL_PROCESS_NATIVE. An instance that exists stays what it is. When the module is
 * unloaded, all processes create native instances again.
 *
 * The instances' descriptors differ from native ones in the name in /proc/PID/fd, which
 * is [xpoll], and EPOLL_CTL_ADD of a native instance to one of them fails with EINVAL
 * (XPOLL_IOC_CTL). epoll_create(2) and epoll_create1(2) fail with the errors that they
 * document.
 *
 * The group lives as long as such a process does, but after the last close of its device
 * file no ioctl reaches it.
 *
 * Return: 1 if the process had XPOLL_PROCESS_XPOLL set before the call, otherwise 0.
 *
 * Errors:
 *   EINVAL     unknown mode or flag, or @reserved not zero, or @group, @key or @flags
 *              without XPOLL_PROCESS_XPOLL
 *   EOPNOTSUPP XPOLL_PROCESS_XPOLL, and instances can't take epoll's own system calls, or
 *              the module parameter epoll_calls forbids it; see XPOLL_FEATURE_EPOLL_CALLS.
 *              If another user occupied a function, or root had all its watches, a call tries
 *              again, but only 10 seconds after an attempt that failed, whoever made it
 *   EOPNOTSUPP XPOLL_CREATE_CLOSE_REMOVES, as for XPOLL_IOC_CREATE
 *   ESRCH      as for XPOLL_IOC_CREATE_KEYED
 *   EINTR      a fatal signal came while another task was setting up the hooks
 *   ENOMEM     no memory
 */
#define XPOLL_IOC_PROCESS _IOW(XPOLL_IOC_MAGIC, 0x0A, struct xpoll_process)

/**
 * XPOLL_IOC_ENTER - make changes, then wait for events
 *
 * On an instance. Makes the changes one after the other, each as XPOLL_IOC_CTL would, and
 * then waits as XPOLL_IOC_WAIT does. A change that fails does not keep the others from being
 * made, unless XPOLL_ENTER_STOP is given; with it the wait is made with timeout 0 after a
 * failure. Other threads' calls may come between two changes. xpoll_change.result,
 * @done and @failed are written before the wait, so they are valid whatever the wait
 * returns, EINTR included. A pending signal does not keep changes from being made. A
 * fatal signal may, and then the task ends before it could read the results.
 *
 * XPOLL_CTL_UPSERT makes no watch with EPOLLEXCLUSIVE, which could not be changed.
 *
 * The wait ends when @minevents watches are ready at one time, and delivers their events
 * together. Once @min_wait_ns have passed, one is enough. When the timeout expires or a
 * signal comes, the call returns what is ready; it returns 0, or EINTR, only if nothing is.
 * Fewer than @minevents may be returned if another thread takes the events, or what the
 * files had to give, just then. A waiter below its minimum leaves events to other waiters
 * and, if the watch is EPOLLEXCLUSIVE, to other instances; a wake policy does not choose
 * it, and a single XPOLL_IOC_POST does not end its wait.
 *
 * If events and changes share memory, the events overwrite the results.
 *
 * Return: the number of events stored, up to @maxevents; 0 if the timeout expired, if
 * there was no wait, or after a failure with XPOLL_ENTER_STOP if nothing was ready.
 *
 * Errors before the first change, the first that applies:
 *   EINVAL  unknown flag, @reserved not zero, @batch not zero without XPOLL_ENTER_EXTENDED, or
 *           @worker greater than XPOLL_WORKERS_MAX
 *   EINVAL  XPOLL_ENTER_RESTART with changes, @min_wait_ns or a relative timeout
 *   EINVAL  @sigmask is given and @sigsetsize is wrong
 *   EFAULT  @sigmask can't be read
 *   EINVAL  XPOLL_ENTER_RING on an instance without a ring, or with @maxevents other than 0
 *   EINVAL  XPOLL_ENTER_EXTENDED on an instance with a ring
 *   EINVAL  @maxevents is negative or too large, or @minevents is greater than @maxevents or,
 *           with XPOLL_ENTER_RING, than the number of slots
 *   EFAULT  @events is not an address range of user space
 *   EINVAL  @nchanges is greater than XPOLL_CHANGES_MAX
 *   EFAULT  @changes is not an address range of user space
 *
 * Errors after that:
 *   EFAULT  changes can't be read, or results, @done or @failed can't be written. @done, if
 *           it can be written, tells how many results were stored; up to 16 more changes
 *           were made if results can't be written. There was no wait, and no event is lost
 *   EFAULT  the first event, or @batch, can't be stored; it stays ready
 *   EINTR   a signal came while nothing was ready, or a fatal one between two changes; the
 *           call is never restarted, but for XPOLL_ENTER_RESTART
 *
 * Values of xpoll_change.result, besides 0: the errors of XPOLL_IOC_CTL but EFAULT, negated,
 * and
 *   -EINVAL unknown flag, or one that is not for this op, or XPOLL_CHANGE_SLOT on an instance
 *           without a ring, or any other flag on one with a ring; checked before all others
 *   -ENOENT XPOLL_CHANGE_SLOT and no watch has the slot, or its file is being closed
 *   -ENOENT XPOLL_CHANGE_COOKIE, and the watch with this cookie has ended, or there was none
 *   -ENOSPC XPOLL_CHANGE_COOKIE, and the instance has 2^26 watches with cookies
 *   -EOPNOTSUPP XPOLL_CHANGE_CLOSE, as XPOLL_CREATE_CLOSE_REMOVES for XPOLL_IOC_CREATE; checked
 *           after these flags, and before all others
 *   -EINVAL XPOLL_CTL_UPSERT with EPOLLEXCLUSIVE, or of a native epoll instance, or of an
 *           EPOLLEXCLUSIVE watch; in the place of the same errors of EPOLL_CTL_ADD and _MOD
 */
#define XPOLL_IOC_ENTER _IOWR(XPOLL_IOC_MAGIC, 0x0B, struct xpoll_enter)

/**
 * XPOLL_IOC_CHANGE - make one change
 *
 * On an instance. Makes the change as XPOLL_IOC_ENTER would with maxevents 0, and returns its
 * result in place of storing it. With EPOLL_CTL_ADD and XPOLL_CHANGE_COOKIE stores the cookie in
 * @data; otherwise writes nothing.
 *
 * Return: 0; EPOLL_CTL_ADD and XPOLL_CTL_UPSERT on an instance with a ready ring: the watch's slot.
 *
 * Errors: those of xpoll_change.result, and
 *   EFAULT  the cookie can't be stored; the watch was added
 */
#define XPOLL_IOC_CHANGE _IOWR(XPOLL_IOC_MAGIC, 0x0E, struct xpoll_change)

/**
 * XPOLL_IOC_POST - deliver an event to a waiter of the instance
 *
 * On an instance. The argument is the address of a __u64. The instance becomes ready with an
 * event of its own, which has EPOLLIN and this __u64 as data, and one waiter is woken, and
 * the tasks and instances that poll the instance. A wait, or XPOLL_IOC_ENTER, delivers
 * the event once, to one waiter, in the order in which it and watches became ready.
 *
 * An instance keeps one such event: a call before the event is delivered replaces its data,
 * and so several calls may lead to one event, with the data of the last of them. If no message may
 * be lost, write each to memory before the call, and let the waiter read this memory.
 *
 * Return: 0.
 *
 * Errors:
 *   EFAULT  the data can't be read
 *   ENOMEM  no memory, which only the first call on an instance needs
 *   EINVAL  the first call on an instance: more than 500, 100, 50 or 10 wake-up paths over 1, 2, 3
 *           or 4 links between instances begin at this instance. Later calls do not fail with
 *           this error, because EPOLL_CTL_ADD then refuses to exceed these limits
 */
#define XPOLL_IOC_POST _IOW(XPOLL_IOC_MAGIC, 0x0C, __u64)

/**
 * XPOLL_IOC_CREATE_RING - create an instance with a ready ring
 *
 * On the device. The instance takes all calls that others do, and hands out its events
 * through memory that it shares with its users. mmap(NULL, size, PROT_READ | PROT_WRITE,
 * MAP_SHARED, fd, XPOLL_RING_OFFSET) maps the ring, or the start of it if size is less than
 * xpoll_ring_header.size. A mapping does not hold the instance: its watches end with the last
 * close. The memory, xpoll_ring_header.size bytes, counts for the RLIMIT_MEMLOCK of the user
 * that created it, until the last mapping in any process is gone.
 *
 * When a watch has an event, the kernel adds the event bits to its slot's @bits.
 * Unless XPOLL_RING_QUEUED was set there, it sets it, appends the slot's number to the index
 * array, at @tail modulo the number of slots, and increases @tail. Each slot is in the array
 * once at most, so that the array has room for all.
 *
 * A consumer loads @tail with acquire semantics. If @head differs from it, the consumer reads
 * the number at @head, increases @head, with release semantics, and exchanges @bits of that
 * slot for 0 with acquire semantics. What it gets are the events; an empty entry has none.
 * After that it reads @data. Several consumers increase @head by compare-and-exchange after
 * they have read the number, and load @head with acquire semantics, before @tail. A single one
 * may take many entries before it stores @head, but has to store it before XPOLL_IOC_ENTER.
 *
 * To be alone with a watch, a consumer exchanges @bits for XPOLL_RING_QUEUED in place of 0.
 * As long as the bit is set the kernel adds bits, but appends nothing and wakes nobody. The
 * consumer then exchanges XPOLL_RING_QUEUED for 0 by compare-and-exchange, with release
 * semantics: the next consumer of the watch finds what this one did. If that fails, @bits
 * have other events besides, which the consumer takes as before. When the watch ends its bits go,
 * and XPOLL_RING_QUEUED stays: the consumer has to give the watch up all the same, even if it has
 * closed the file. So a consumer that is killed as the owner, or between increasing @head and
 * exchanging @bits, leaves a watch that tells nothing and a slot that is not used again.
 *
 * EPOLLIN, EPOLLRDNORM, EPOLLOUT and EPOLLWRNORM of pipes, eventfds, timerfds, and UNIX, TCP and
 * UDP sockets go to the ring when the file reports them. They may be out of date when they are
 * taken: a read may return EAGAIN, and only one of several ready bits may be there. For all other
 * bits and files the kernel sets XPOLL_RING_ENTER, and polls the file in XPOLL_IOC_ENTER, or when a
 * task waits there or polls the instance.
 *
 * A watch with EPOLLONESHOT is disarmed when its event is put into the ring. For one without
 * EPOLLET and EPOLLONESHOT, XPOLL_IOC_ENTER polls the file again once the entry has been taken,
 * and puts the watch into the ring again if it is still ready; XPOLL_RING_ENTER is set as long as
 * there is such a watch. EPOLLWAKEUP is ignored. A group's wake policy does not choose among
 * EPOLLEXCLUSIVE watches of these instances.
 *
 * XPOLL_ENTER_RING waits until @minevents entries are in the ring, and returns their number.
 * An entry counts until it is taken, even if its watch has ended. This also holds for a wait with
 * an array, which may then return fewer events than @minevents. XPOLL_IOC_WAIT, and XPOLL_IOC_ENTER
 * without XPOLL_ENTER_RING, take events from the ring into the caller's array, as one consumer
 * more. XPOLL_IOC_POST puts an event with slot 0 into the ring; a call before the event is taken
 * replaces its data.
 *
 * EPOLL_CTL_MOD removes from the slot the bits that the watch does not wait for any more.
 *
 * If the entry of a watch has not been taken when the watch ends, it stays in the ring as an empty
 * entry. The slot is given to another watch once the entry has been taken and no consumer owns the
 * slot or is between increasing @head and exchanging @bits. EPOLL_CTL_ADD fails with ENOSPC if no
 * slot is free; it looks at up to 1088 slots of watches that have ended, and the next call at
 * others. A consumer that has taken @bits at that moment may combine an event of the old watch
 * with the data of the new one, so that a read returns EAGAIN. A change with XPOLL_CHANGE_SLOT is
 * one of the watch that has the slot when the change is made: only a consumer that owns the slot,
 * or knows that no other thread ends the watch, knows which one that is.
 *
 * Whoever writes other values into the ring may lose events, or get false ones, of this
 * instance.
 *
 * Return: the descriptor of the instance, opened for reading and writing.
 *
 * Errors: those of XPOLL_IOC_CREATE, and
 *   EINVAL  @slots is out of range or no power of two, or @reserved is not zero
 *   ENOMEM  the memory would exceed RLIMIT_MEMLOCK, and the caller lacks CAP_IPC_LOCK
 *
 * Errors of mmap(), besides its own:
 *   EINVAL  another offset, a size greater than the ring's, a private mapping, or PROT_EXEC;
 *           the personality READ_IMPLIES_EXEC is as for the table of struct xpoll_worker
 */
#define XPOLL_IOC_CREATE_RING _IOW(XPOLL_IOC_MAGIC, 0x0D, struct xpoll_create_ring)

/**
 * XPOLL_IOC_SET_BUSY_POLL - let waits poll the network device before they sleep
 *
 * On an instance. The number is EPIOCSPARAMS of <linux/eventpoll.h>, and so differs from those of
 * the other calls in its type. Works on each kernel that has XPOLL_FEATURE_BUSY_POLL, and applies
 * to waits that begin later, by whatever call.
 *
 * A wait with a timeout other than 0 that finds nothing ready polls a network device before it
 * sleeps: the one that received the last packet of the socket whose event a waiter of this
 * instance was woken for last. It stops when a watch is ready, when a signal comes, when the
 * timeout expires, or after @usecs. If it polled in vain, further waits sleep at once, until an
 * event tells again which device is in use. A few drivers can't be polled: their packets wake
 * the waiter as always. A wait of XPOLL_IOC_ENTER for several events polls once it is content
 * with one. A consumer of a ready ring that makes no call polls no device.
 *
 * A device's irq-suspend-timeout has no effect on waits of xpoll. Wake policies and
 * EPOLLEXCLUSIVE choose among tasks that sleep: a task that polls is awake and not chosen, but may
 * take the event.
 *
 * Return: 0.
 *
 * Errors:
 *   EFAULT     the structure can't be read
 *   EINVAL     @reserved is not zero, @usecs is greater than 2^31 - 1, or @prefer is greater than 1
 *   EPERM      the caller does not have CAP_NET_ADMIN, and @budget is greater than 64. Before Linux
 *              6.9 also if @budget is greater than 8, @prefer is 1, or @usecs is greater than the
 *              time that applies to the instance now: there no user without this capability can
 *              poll a device for longer than root has set
 *   EOPNOTSUPP the kernel has no busy polling; before Linux 6.9 ENOTTY, as on native epoll
 */
#define XPOLL_IOC_SET_BUSY_POLL _IOW(0x8A, 0x01, struct xpoll_busy_poll)

/**
 * XPOLL_IOC_GET_BUSY_POLL - what XPOLL_IOC_SET_BUSY_POLL has set
 *
 * On an instance. Equals EPIOCGPARAMS. Fills a struct xpoll_busy_poll.
 *
 * Return: 0.
 *
 * Errors:
 *   EFAULT     the structure can't be written
 *   EOPNOTSUPP as for XPOLL_IOC_SET_BUSY_POLL
 */
#define XPOLL_IOC_GET_BUSY_POLL _IOR(0x8A, 0x02, struct xpoll_busy_poll)

#endif /* _UAPI_LINUX_XPOLL_H */
