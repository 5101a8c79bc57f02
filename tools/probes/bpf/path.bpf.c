// SPDX-License-Identifier: GPL-2.0-only
/*
 * Follows an event from the packet to the task that waited for it. Each stage finds what the stages
 * before it left by what it is handed: the packet (skb) as far as tcp_rcv_established(), then the
 * socket (sk), then the instance and the socket, and last the waiting task.
 *
 * A kernel function has two probes, fentry and kprobe, of which the program loads one. The first
 * reads its arguments by itself, the second by calls of a helper: so they do, and share the rest.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "probes/bpf/item.bpf.h"
#include "probes/bpf/mark.bpf.h"
#include "probes/bpf/path.h"

#define ETH_P_IP 0x0800
#define EPOLLIN	 0x001

/* Events on their way at a time; beyond that the oldest are forgotten. */
#define ENTRIES 16384

const volatile __u16 only_port = 0; /* of either end; 0: any */
const volatile __u32 only_tgid = 0;
const volatile __s32 only_fd = -1;
/* The reader is woken when so much is there to be read. */
const volatile __u64 wakeup_bytes = 0;

/* A packet that is not known yet to be for a socket. */
struct packet {
	struct path_mark received;
	struct path_mark tcp;
	__u16 local_port;
	__u16 remote_port;
	__u16 header_length;
	__u16 ends; /* the connection */
};

/* The last packet of a socket that brought it data. */
struct arrival {
	struct path_mark marks[PATH_ARRIVAL_STAGES];
	__u16 local_port;
	__u16 remote_port;
	__u16 looked_at;  /* by a task that is not followed, which may have taken the data */
	__u16 after_look; /* the same of the arrival before */
	__u64 claim;	  /* see claim() */
};

struct pending_key {
	__u64 instance;
	__u64 sk;
};

/* An event that a callback made ready, and that nobody has taken yet. */
struct pending {
	struct path_mark marks[PATH_CALLBACK + 1];
	__u32 doubted; /* a look at the socket did not find it */
	__s32 fd;
	__u32 packets;
	__u16 local_port;
	__u16 remote_port;
};

/* A task in epoll_wait(2) or XPOLL_IOC_WAIT. */
struct waiter {
	__u64 instance;
	__u64 asleep_ns;
	__u64 woken_for; /* the sk whose callback woke it */
	struct path_mark waking;
	struct path_mark running;
	__u32 kind;
	__u32 told; /* events that were looked at and told of */
};

#define TABLE(type_, key_, value_)                                                                 \
	struct {                                                                                   \
		__uint(type, type_);                                                               \
		__uint(max_entries, ENTRIES);                                                      \
		__type(key, key_);                                                                 \
		__type(value, value_);                                                             \
	}

TABLE(BPF_MAP_TYPE_LRU_HASH, __u64, struct packet) packets SEC(".maps");
TABLE(BPF_MAP_TYPE_LRU_HASH, __u64, struct arrival) arrivals SEC(".maps");
TABLE(BPF_MAP_TYPE_LRU_HASH, struct pending_key, struct pending) pendings SEC(".maps");
TABLE(BPF_MAP_TYPE_HASH, __u32, struct waiter) waiters SEC(".maps");

/*
 * The callback that runs on this processor, and the socket if that is followed: whom it wakes, it
 * wakes for this.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pending_key);
} calling SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PATH_COUNTS);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 22); /* or what the program asks for */
} records SEC(".maps");

static __always_inline void count(enum path_count which)
{
	__u32 key = which;
	__u64 *counter = bpf_map_lookup_elem(&counts, &key);

	if (counter)
		++*counter;
}

static __always_inline void put(void *map, const void *key, const void *value)
{
	if (bpf_map_update_elem(map, key, value, BPF_ANY))
		count(PATH_LOST_STATE);
}

static __always_inline void submit(void *record)
{
	bool wake = bpf_ringbuf_query(&records, BPF_RB_AVAIL_DATA) >= wakeup_bytes;

	bpf_ringbuf_submit(record, wake ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP);
}

/* The packet. */

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(received, struct sk_buff *skb)
{
	struct packet packet = {};
	__u64 key = (__u64)skb;

	if (skb->protocol != bpf_htons(ETH_P_IP))
		return 0;
	packet.received = mark_now();
	put(&packets, &key, &packet);
	return 0;
}

static __always_inline bool is_wanted(const struct packet *packet)
{
	return !only_port || packet->local_port == only_port || packet->remote_port == only_port;
}

static __always_inline int at_tcp(__u64 skb, const void *data)
{
	struct packet *packet = bpf_map_lookup_elem(&packets, &skb);
	struct tcphdr header = {};

	if (!packet)
		return 0;
	bpf_probe_read_kernel(&header, sizeof(header), data);
	packet->remote_port = bpf_ntohs(header.source);
	packet->local_port = bpf_ntohs(header.dest);
	packet->header_length = header.doff * 4;
	packet->ends = header.fin;
	if (is_wanted(packet))
		packet->tcp = mark_now();
	else
		bpf_map_delete_elem(&packets, &skb);
	return 0;
}

SEC("fentry/tcp_v4_rcv")
int BPF_PROG(tcp_entered, struct sk_buff *skb)
{
	return at_tcp((__u64)skb, skb->data);
}

SEC("kprobe/tcp_v4_rcv")
int BPF_KPROBE(tcp_entered_kprobe, struct sk_buff *skb)
{
	return at_tcp((__u64)skb, BPF_CORE_READ(skb, data));
}

/* The socket. */

static __always_inline void arrive(__u64 sk, const struct packet *packet)
{
	const struct arrival *before = bpf_map_lookup_elem(&arrivals, &sk);
	struct arrival arrival = {
		.local_port = packet->local_port,
		.remote_port = packet->remote_port,
		.after_look = before && before->looked_at,
	};

	arrival.marks[PATH_RECEIVED] = packet->received;
	arrival.marks[PATH_TCP] = packet->tcp;
	arrival.marks[PATH_ESTABLISHED] = mark_now();
	put(&arrivals, &sk, &arrival);
}

/*
 * Whether there is data is seen here and not before: while the socket is in use, what comes is put
 * together, and an acknowledgment may have got the data of the packet behind it. Those without
 * data change nothing; the end of a connection ends what is known of the last data.
 */
static __always_inline int at_established(__u64 sk, __u64 skb, __u32 length)
{
	const struct packet *packet = bpf_map_lookup_elem(&packets, &skb);

	/* tcp_v4_rcv() did not see it, or did not want it */
	if (!packet)
		return 0;
	if (length > packet->header_length)
		arrive(sk, packet);
	else if (packet->ends)
		bpf_map_delete_elem(&arrivals, &sk);
	bpf_map_delete_elem(&packets, &skb);
	return 0;
}

SEC("fentry/tcp_rcv_established")
int BPF_PROG(established_entered, struct sock *sk, struct sk_buff *skb)
{
	return at_established((__u64)sk, (__u64)skb, skb->len);
}

SEC("kprobe/tcp_rcv_established")
int BPF_KPROBE(established_entered_kprobe, struct sock *sk, struct sk_buff *skb)
{
	return at_established((__u64)sk, (__u64)skb, BPF_CORE_READ(skb, len));
}

static __always_inline int at_readable(__u64 sk)
{
	struct arrival *arrival = bpf_map_lookup_elem(&arrivals, &sk);

	if (!arrival)
		return 0;
	/* a second time for one packet: it came by a way that is not followed */
	if (arrival->marks[PATH_READABLE].ns)
		bpf_map_delete_elem(&arrivals, &sk);
	else
		arrival->marks[PATH_READABLE] = mark_now();
	return 0;
}

SEC("fentry/sock_def_readable")
int BPF_PROG(readable_entered, struct sock *sk)
{
	return at_readable((__u64)sk);
}

SEC("kprobe/sock_def_readable")
int BPF_KPROBE(readable_entered_kprobe, struct sock *sk)
{
	return at_readable((__u64)sk);
}

/* The instance and the socket. */

/* Ready already, for a packet before this one. */
static __always_inline bool joined(const struct pending_key *key, const struct arrival *arrival)
{
	struct pending *earlier = bpf_map_lookup_elem(&pendings, key);

	if (!earlier || earlier->doubted || arrival->after_look)
		return false;
	/* another connection had this address and ended with an event that nobody took */
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
 * Data is found when the socket is looked at, which may be before the callback tells of it: before
 * there was a watch, or on another processor just while the callback runs. Whoever comes first, a
 * callback (TOLD) or the instance that finds it (its address), has it.
 *
 * Return: who had it already, or 0.
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
	/* before the claim: who finds it claimed finds this */
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
	/* of all that wakes a TCP socket's waiters sock_def_readable() alone has this in its key */
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

/* The task. */

static __always_inline int at_wait(__u64 instance, enum path_kind kind)
{
	struct waiter waiter = {.instance = instance, .kind = kind};
	__u64 id = bpf_get_current_pid_tgid();
	__u32 tid = id;

	if (!only_tgid || only_tgid == id >> 32)
		put(&waiters, &tid, &waiter);
	return 0;
}

SEC("fentry/do_epoll_wait")
int BPF_PROG(native_wait, int epfd)
{
	return at_wait(native_instance(epfd), PATH_NATIVE);
}

SEC("kprobe/do_epoll_wait")
int BPF_KPROBE(native_wait_kprobe, int epfd)
{
	return at_wait(native_instance(epfd), PATH_NATIVE);
}

SEC("raw_tp/xpoll_wait_enter")
int xpoll_wait(struct bpf_raw_tracepoint_args *ctx)
{
	return at_wait(ctx->args[0], PATH_XPOLL);
}

SEC("tp_btf/sched_waking")
int BPF_PROG(waking, struct task_struct *task)
{
	__u32 zero = 0, tid = task->pid;
	const struct pending_key *slot = bpf_map_lookup_elem(&calling, &zero);
	struct waiter *waiter;

	if (!slot || !slot->instance)
		return 0;
	waiter = bpf_map_lookup_elem(&waiters, &tid);
	if (!waiter || waiter->instance != slot->instance)
		return 0;
	waiter->waking = mark_now();
	waiter->running.ns = 0;
	waiter->woken_for = slot->sk;
	return 0;
}

static __always_inline void leaves_processor(__u32 tid)
{
	struct waiter *waiter = bpf_map_lookup_elem(&waiters, &tid);

	if (!waiter)
		return;
	waiter->asleep_ns = bpf_ktime_get_ns();
	/* what woke it before; not what wakes it just now, on another processor */
	if (!waiter->running.ns)
		return;
	waiter->waking.ns = 0;
	waiter->running.ns = 0;
}

static __always_inline void enters_processor(__u32 tid)
{
	struct waiter *waiter = bpf_map_lookup_elem(&waiters, &tid);

	if (!waiter || !waiter->waking.ns || waiter->running.ns)
		return;
	waiter->running = mark_now();
	waiter->running.tid = tid;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(switched, bool preempt, struct task_struct *prev, struct task_struct *next,
	     unsigned int prev_state)
{
	__u32 zero = 0;
	struct pending_key *slot = bpf_map_lookup_elem(&calling, &zero);

	/* no callback goes on over this */
	if (slot)
		slot->instance = 0;
	if (!preempt && prev_state && prev->pid)
		leaves_processor(prev->pid);
	if (next->pid)
		enters_processor(next->pid);
	return 0;
}

static __always_inline void take_way(struct path_event *event, const struct pending *pending)
{
	__builtin_memcpy(event->marks, pending->marks, sizeof(pending->marks));
	event->fd = pending->fd;
	event->packets = pending->packets;
	event->local_port = pending->local_port;
	event->remote_port = pending->remote_port;
}

/*
 * No callback told of it: its data was there before its watch, or the task looks at the socket just
 * now, on another processor, and is faster.
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
	event->woken_ns = waiter->waking.ns;
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

/* The last packet of this socket is the one that made it ready. */
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

	/* of which descriptor is not known */
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
		/* somebody else took the data, or it came since the socket was asked */
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
		/* since we looked for it */
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

/* kretprobes know no arguments: what the entry was handed waits here, by task. */
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

char LICENSE[] SEC("license") = "GPL";
