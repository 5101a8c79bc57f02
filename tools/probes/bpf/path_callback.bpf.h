/* SPDX-License-Identifier: GPL-2.0-only */
/* The callback turns arrived data into an event of an instance and a socket. */
#ifndef XPOLL_PROBES_BPF_PATH_CALLBACK_BPF_H
#define XPOLL_PROBES_BPF_PATH_CALLBACK_BPF_H

#include "vmlinux.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "probes/bpf/item.bpf.h"
#include "probes/bpf/mark.bpf.h"
#include "probes/bpf/path_socket.bpf.h"
#include "probes/bpf/path_tables.bpf.h"

#define EPOLLIN 0x001

struct pending_key {
	__u64 instance;
	__u64 sk;
};

/* An event that a callback made ready and no task has taken yet. */
struct pending {
	struct path_mark marks[PATH_CALLBACK + 1];
	__u32 doubted; /* a poll of the socket did not find it */
	__s32 fd;
	__u32 packets;
	__u16 local_port;
	__u16 remote_port;
};

TABLE(BPF_MAP_TYPE_LRU_HASH, struct pending_key, struct pending) pendings SEC(".maps");

/*
 * The callback that runs on this CPU, and its socket if that is followed. A task that it wakes is
 * woken for this event.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pending_key);
} calling SEC(".maps");

/* Whether the item was ready already, because of an earlier packet. */
static __always_inline bool joined(const struct pending_key *key, const struct arrival *arrival)
{
	struct pending *earlier = bpf_map_lookup_elem(&pendings, key);

	if (!earlier || earlier->doubted || arrival->after_look)
		return false;
	/* another connection had this sock address, and its last event was never taken */
	if (earlier->remote_port != arrival->remote_port ||
	    earlier->local_port != arrival->local_port)
		return false;
	earlier->packets++;
	return true;
}

static __always_inline void make_pending(const struct pending_key *key,
					 const struct arrival *arrival,
					 const struct watched_item *item)
{
	struct pending pending = {
		.fd = item->fd,
		.packets = 1,
		.local_port = arrival->local_port,
		.remote_port = arrival->remote_port,
	};

	__builtin_memcpy(pending.marks, arrival->marks, sizeof(arrival->marks));
	pending.marks[PATH_CALLBACK] = mark_now();
	put(&pendings, key, &pending);
}

#define TOLD 1

/*
 * Data becomes visible when the socket is polled, possibly before the callback reports it:
 * because there was no watch yet, or because another CPU polls while the callback runs. The first
 * claimant keeps the arrival: a callback (TOLD), or the instance that found the data (its
 * address).
 *
 * Return: the previous claimant, or 0.
 */
static __always_inline __u64 claim(struct arrival *arrival, __u64 by)
{
	return __sync_val_compare_and_swap(&arrival->claim, 0, by);
}

static __always_inline bool is_told(const struct pending_key *key, struct arrival *arrival,
				    const struct watched_item *item)
{
	if (joined(key, arrival))
		return true;
	/* make the event before the claim, so that a task that sees the claim finds the event */
	make_pending(key, arrival, item);
	if (claim(arrival, TOLD) != key->instance)
		return true;
	bpf_map_delete_elem(&pendings, key);
	return false;
}

static __always_inline int at_callback(const struct watched_item *item, __u64 happened)
{
	__u32 zero = 0;
	struct pending_key *slot = bpf_map_lookup_elem(&calling, &zero);
	struct pending_key key = {.instance = item->instance};
	struct arrival *arrival;

	if (!slot)
		return 0;
	*slot = key;
	/* of all wake-ups of a TCP socket, only sock_def_readable()'s has this bit in its key */
	if (!(happened & item->events & EPOLLIN))
		return 0;
	if (only_fd >= 0 && item->fd != only_fd)
		return 0;
	key.sk = (__u64)sock_of_file(item->file);
	arrival = bpf_map_lookup_elem(&arrivals, &key.sk);
	if (arrival && arrival->marks[PATH_READABLE].ns && is_told(&key, arrival, item))
		slot->sk = key.sk;
	return 0;
}

SEC("fentry/ep_poll_callback")
int BPF_PROG(native_called, wait_queue_entry_t *entry, unsigned int mode, int sync, void *key)
{
	struct watched_item item;

	native_item(entry, &item);
	return at_callback(&item, (__u64)key);
}

SEC("kprobe/ep_poll_callback")
int BPF_KPROBE(native_called_kprobe, wait_queue_entry_t *entry, unsigned int mode, int sync,
	       void *key)
{
	struct watched_item item;

	native_item(entry, &item);
	return at_callback(&item, (__u64)key);
}

SEC("raw_tp/xpoll_callback")
int xpoll_called(struct bpf_raw_tracepoint_args *ctx)
{
	struct watched_item item;

	xpoll_item(ctx, &item);
	return at_callback(&item, ctx->args[4]);
}

#endif
