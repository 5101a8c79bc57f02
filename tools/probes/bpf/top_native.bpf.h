/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of native epoll's structures that xpoll-top reads. */
#ifndef XPOLL_PROBES_TOP_NATIVE_H
#define XPOLL_PROBES_TOP_NATIVE_H

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/* The kernel's value for "no scan is running" and "not on the overflow list". */
#define EP_UNACTIVE_PTR ((void *)-1L)

/* EPOLLWAKEUP, EPOLLONESHOT, EPOLLET, EPOLLEXCLUSIVE: modes, not events. */
#define EP_PRIVATE_BITS 0xf0000000U

/* The name in 6.12 of the field "next". */
struct epitem___renamed {
	struct epitem *ovflist_next;
} __attribute__((preserve_access_index));

/* The item that the hook belongs to. */
static __always_inline struct epitem *item_of_hook(struct wait_queue_entry *entry)
{
	struct eppoll_entry *hook =
		(void *)entry - bpf_core_field_offset(struct eppoll_entry, wait);

	return BPF_CORE_READ(hook, base);
}

/* Valid only for a waiter that is first in its instance's queue. The woken waiter always is. */
static __always_inline u64 instance_of_waiter(struct wait_queue_entry *entry)
{
	return (u64)entry->entry.prev - bpf_core_field_offset(struct eventpoll, wq) -
	       bpf_core_field_offset(struct wait_queue_head, head);
}

static __always_inline bool item_overflowed(const struct epitem *item)
{
	const struct epitem___renamed *renamed = (const void *)item;

	if (bpf_core_field_exists(renamed->ovflist_next))
		return BPF_CORE_READ(renamed, ovflist_next) != EP_UNACTIVE_PTR;
	return BPF_CORE_READ(item, next) != EP_UNACTIVE_PTR;
}

static __always_inline bool item_wants(const struct epitem *item, u32 happened)
{
	u32 events = BPF_CORE_READ(item, event.events) & ~EP_PRIVATE_BITS;

	return happened ? events & happened : events;
}

/*
 * Whether the callback will put the item on the overflow list. These are the kernel's own
 * conditions.
 */
static __always_inline bool item_overflows(const struct eventpoll *ep, const struct epitem *item,
					   u32 happened)
{
	return BPF_CORE_READ(ep, ovflist) != EP_UNACTIVE_PTR && item_wants(item, happened) &&
	       !item_overflowed(item);
}

/*
 * The file holds one reference and each watch another. -1 if this kernel does not count
 * references.
 */
static __always_inline int watches_of(const struct eventpoll *ep)
{
	if (!bpf_core_field_exists(ep->refcount))
		return -1;
	return BPF_CORE_READ(ep, refcount.refs.counter) - 1;
}

#endif /* XPOLL_PROBES_TOP_NATIVE_H */
