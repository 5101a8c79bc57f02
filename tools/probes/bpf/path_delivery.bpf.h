/* SPDX-License-Identifier: GPL-2.0-only */
/* The task polls the socket, and the wait returns its event. */
#ifndef XPOLL_PROBES_BPF_PATH_DELIVERY_BPF_H
#define XPOLL_PROBES_BPF_PATH_DELIVERY_BPF_H

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "probes/bpf/mark.bpf.h"
#include "probes/bpf/path_callback.bpf.h"
#include "probes/bpf/path_socket.bpf.h"
#include "probes/bpf/path_task.bpf.h"
#include "probes/bpf/path_tables.bpf.h"

static __always_inline void take_way(struct path_event *event, const struct pending *pending)
{
	__builtin_memcpy(event->marks, pending->marks, sizeof(pending->marks));
	event->fd = pending->fd;
	event->packets = pending->packets;
	event->local_port = pending->local_port;
	event->remote_port = pending->remote_port;
}

/*
 * An event without a callback: the data arrived before the watch existed, or the task polls the
 * socket while the callback is still running on another CPU.
 */
static __always_inline void take_arrival(struct path_event *event, const struct arrival *arrival)
{
	__builtin_memcpy(event->marks, arrival->marks, sizeof(arrival->marks));
	event->fd = -1;
	event->packets = 1;
	event->local_port = arrival->local_port;
	event->remote_port = arrival->remote_port;
}

static __always_inline void take_waiter(struct path_event *event, const struct waiter *waiter,
					__u64 sk)
{
	__u64 id = bpf_get_current_pid_tgid();

	if (waiter->woken_for == sk && waiter->waking.ns) {
		event->marks[PATH_WAKING] = waiter->waking;
		event->marks[PATH_RUNNING] = waiter->running;
	}
	event->marks[PATH_POLLED] = mark_now();
	event->record = PATH_RECORD_EVENT;
	event->kind = waiter->kind;
	event->instance = waiter->instance;
	event->asleep_ns = waiter->asleep_ns;
	event->woken = waiter->waking;
	event->tid = id;
	event->tgid = id >> 32;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
}

static __always_inline struct path_event *new_event(struct waiter *waiter)
{
	struct path_event *event = bpf_ringbuf_reserve(&records, sizeof(*event), 0);

	if (!event) {
		count(PATH_LOST_RECORDS);
		return NULL;
	}
	__builtin_memset(event, 0, sizeof(*event));
	waiter->told++;
	return event;
}

/* Whether the socket's last packet is the one that made it ready. */
static __always_inline bool is_last(const struct pending *pending, __u64 sk)
{
	const struct arrival *last = bpf_map_lookup_elem(&arrivals, &sk);

	return last && last->marks[PATH_RECEIVED].ns == pending->marks[PATH_RECEIVED].ns;
}

static __always_inline void tell_pending(struct waiter *waiter, const struct pending_key *key,
					 const struct pending *pending, __u32 mask)
{
	struct path_event *event;

	if (pending->doubted && !is_last(pending, key->sk))
		return;
	event = new_event(waiter);
	if (!event)
		return;
	take_way(event, pending);
	take_waiter(event, waiter, key->sk);
	event->mask = mask;
	submit(event);
}

static __always_inline void tell_arrival(struct waiter *waiter, const struct arrival *arrival,
					 __u64 sk, __u32 mask)
{
	struct path_event *event;

	/* the descriptor is not known */
	if (only_fd >= 0)
		return;
	event = new_event(waiter);
	if (!event)
		return;
	take_arrival(event, arrival);
	take_waiter(event, waiter, sk);
	event->mask = mask;
	submit(event);
}

static __always_inline bool polled_pending(struct waiter *waiter, __u64 sk, __u32 mask)
{
	struct pending_key key = {.instance = waiter->instance, .sk = sk};
	struct pending *pending = bpf_map_lookup_elem(&pendings, &key);

	if (!pending)
		return false;
	if (mask & EPOLLIN) {
		tell_pending(waiter, &key, pending, mask);
		bpf_map_delete_elem(&pendings, &key);
	} else {
		/* another task took the data, or it arrived after the poll */
		pending->doubted = true;
	}
	return true;
}

static __always_inline void at_polled(struct waiter *waiter, __u64 sk, __u32 mask)
{
	struct arrival *arrival;

	if (polled_pending(waiter, sk, mask) || !(mask & EPOLLIN))
		return;
	arrival = bpf_map_lookup_elem(&arrivals, &sk);
	if (!arrival)
		return;
	switch (claim(arrival, waiter->instance)) {
	case 0:
		tell_arrival(waiter, arrival, sk, mask);
		break;
	case TOLD:
		/* a callback has made it pending since the lookup */
		polled_pending(waiter, sk, mask);
	}
}

static __always_inline struct waiter *current_waiter(void)
{
	__u32 tid = bpf_get_current_pid_tgid();

	return bpf_map_lookup_elem(&waiters, &tid);
}

static __always_inline void polled_by_stranger(__u64 sk)
{
	struct arrival *arrival = bpf_map_lookup_elem(&arrivals, &sk);

	if (arrival)
		arrival->looked_at = true;
}

SEC("fexit/tcp_poll")
int BPF_PROG(polled, struct file *file, struct socket *socket, struct poll_table_struct *table,
	     __u32 mask)
{
	struct waiter *waiter = current_waiter();

	if (waiter)
		at_polled(waiter, (__u64)socket->sk, mask);
	else
		polled_by_stranger((__u64)socket->sk);
	return 0;
}

/* A kretprobe has no access to the arguments. The entry probe stores them here, by task. */
TABLE(BPF_MAP_TYPE_HASH, __u32, __u64) polling SEC(".maps");

SEC("kprobe/tcp_poll")
int BPF_KPROBE(polled_kprobe, struct file *file, struct socket *socket)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 sk = (__u64)BPF_CORE_READ(socket, sk);

	if (bpf_map_lookup_elem(&waiters, &tid))
		put(&polling, &tid, &sk);
	else
		polled_by_stranger(sk);
	return 0;
}

SEC("kretprobe/tcp_poll")
int BPF_KRETPROBE(polled_kretprobe, long mask)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct waiter *waiter = bpf_map_lookup_elem(&waiters, &tid);
	const __u64 *sk = bpf_map_lookup_elem(&polling, &tid);

	if (!sk)
		return 0;
	if (waiter)
		at_polled(waiter, *sk, mask);
	bpf_map_delete_elem(&polling, &tid);
	return 0;
}

static __always_inline void tell_return(__u32 tid, __u32 events, int ret)
{
	struct path_return *record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);

	if (!record) {
		count(PATH_LOST_RECORDS);
		return;
	}
	record->record = PATH_RECORD_RETURN;
	record->tid = tid;
	record->mark = mark_now();
	record->events = events;
	record->ret = ret;
	submit(record);
}

static __always_inline int at_return(int ret)
{
	__u32 tid = bpf_get_current_pid_tgid();
	const struct waiter *waiter = bpf_map_lookup_elem(&waiters, &tid);

	if (!waiter)
		return 0;
	if (waiter->told)
		tell_return(tid, waiter->told, ret);
	bpf_map_delete_elem(&waiters, &tid);
	return 0;
}

SEC("fexit/do_epoll_wait")
int BPF_PROG(native_returned, int epfd, struct epoll_event *events, int room,
	     struct timespec64 *timeout, int ret)
{
	return at_return(ret);
}

SEC("kretprobe/do_epoll_wait")
int BPF_KRETPROBE(native_returned_kretprobe, int ret)
{
	return at_return(ret);
}

SEC("raw_tp/xpoll_wait_return")
int xpoll_returned(struct bpf_raw_tracepoint_args *ctx)
{
	return at_return((int)ctx->args[1]);
}

#endif
