/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trace events for each stage of an event's delivery and of an item's life, so that a
 * probe needs none of the module's symbols. Instances and files are identified by their
 * addresses, as in the kernel's own events. Arguments are values and addresses only, so
 * that a BPF program of type raw_tp reads them without the module's types.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM xpoll

#if !defined(XPOLL_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define XPOLL_TRACE_H

#include <linux/tracepoint.h>

#include <linux/xpoll.h>

#include "eventpoll.h"

TRACE_EVENT(xpoll_create,
	TP_PROTO(const struct eventpoll *ep, int fd),
	TP_ARGS(ep, fd),
	TP_STRUCT__entry(
		__field(const void *, ep)
		__field(int, fd)
	),
	TP_fast_assign(
		__entry->ep = ep;
		__entry->fd = fd;
	),
	TP_printk("ep=%p fd=%d", __entry->ep, __entry->fd)
);

/* The instance's own last close. Its items are removed, so no callback follows. */
TRACE_EVENT(xpoll_release,
	TP_PROTO(const struct eventpoll *ep),
	TP_ARGS(ep),
	TP_STRUCT__entry(
		__field(const void *, ep)
	),
	TP_fast_assign(
		__entry->ep = ep;
	),
	TP_printk("ep=%p", __entry->ep)
);

TRACE_EVENT(xpoll_ctl,
	TP_PROTO(const struct eventpoll *ep, int op, int fd, __poll_t events, u64 data, int ret),
	TP_ARGS(ep, op, fd, events, data, ret),
	TP_STRUCT__entry(
		__field(const void *, ep)
		__field(int, op)
		__field(int, fd)
		__field(u32, events)
		__field(u64, data)
		__field(int, ret)
	),
	TP_fast_assign(
		__entry->ep = ep;
		__entry->op = op;
		__entry->fd = fd;
		__entry->events = (__force u32)events;
		__entry->data = data;
		__entry->ret = ret;
	),
	TP_printk("ep=%p op=%s fd=%d events=%#x data=%#llx ret=%d", __entry->ep,
		  __print_symbolic(__entry->op, { EPOLL_CTL_ADD, "ADD" },
				   { EPOLL_CTL_MOD, "MOD" }, { EPOLL_CTL_DEL, "DEL" },
				   { XPOLL_CTL_UPSERT, "UPSERT" }),
		  __entry->fd, __entry->events, __entry->data, __entry->ret)
);

/* A wake-up called an item's callback, wanted by the item or not. Under wq.lock. */
TRACE_EVENT(xpoll_callback,
	TP_PROTO(const struct eventpoll *ep, const struct file *file, int fd, __poll_t events,
		 __poll_t key, int sync),
	TP_ARGS(ep, file, fd, events, key, sync),
	TP_STRUCT__entry(
		__field(const void *, ep)
		__field(const void *, file)
		__field(int, fd)
		__field(u32, events)
		__field(u32, key)
		__field(int, sync)
	),
	TP_fast_assign(
		__entry->ep = ep;
		__entry->file = file;
		__entry->fd = fd;
		__entry->events = (__force u32)events;
		__entry->key = (__force u32)key;
		__entry->sync = sync;
	),
	TP_printk("ep=%p file=%p fd=%d events=%#x key=%#x sync=%d", __entry->ep,
		  __entry->file, __entry->fd, __entry->events, __entry->key, __entry->sync)
);

/*
 * An item was put on the ready list or on the overflow list. One on the overflow list may be
 * on the ready list too. If not, the end of the scan moves it there, without another event.
 * Under wq.lock.
 */
TRACE_EVENT(xpoll_queue,
	TP_PROTO(const struct eventpoll *ep, const struct file *file, int fd, bool overflow),
	TP_ARGS(ep, file, fd, overflow),
	TP_STRUCT__entry(
		__field(const void *, ep)
		__field(const void *, file)
		__field(int, fd)
		__field(bool, overflow)
	),
	TP_fast_assign(
		__entry->ep = ep;
		__entry->file = file;
		__entry->fd = fd;
		__entry->overflow = overflow;
	),
	TP_printk("ep=%p file=%p fd=%d %s", __entry->ep, __entry->file, __entry->fd,
		  __entry->overflow ? "overflow" : "ready")
);

/* One waiter, or all pollers of the instance, are woken. */
TRACE_EVENT(xpoll_wake,
	TP_PROTO(const struct eventpoll *ep, bool waiter, bool sync),
	TP_ARGS(ep, waiter, sync),
	TP_STRUCT__entry(
		__field(const void *, ep)
		__field(bool, waiter)
		__field(bool, sync)
	),
	TP_fast_assign(
		__entry->ep = ep;
		__entry->waiter = waiter;
		__entry->sync = sync;
	),
	TP_printk("ep=%p %s sync=%d", __entry->ep, __entry->waiter ? "waiter" : "pollers",
		  __entry->sync)
);

TRACE_EVENT(xpoll_wait_enter,
	TP_PROTO(const struct eventpoll *ep, int maxevents, s64 timeout_ns, u32 flags),
	TP_ARGS(ep, maxevents, timeout_ns, flags),
	TP_STRUCT__entry(
		__field(const void *, ep)
		__field(s64, timeout_ns)
		__field(int, maxevents)
		__field(u32, flags)
	),
	TP_fast_assign(
		__entry->ep = ep;
		__entry->timeout_ns = timeout_ns;
		__entry->maxevents = maxevents;
		__entry->flags = flags;
	),
	TP_printk("ep=%p maxevents=%d timeout_ns=%lld flags=%#x", __entry->ep,
		  __entry->maxevents, __entry->timeout_ns, __entry->flags)
);

DECLARE_EVENT_CLASS(xpoll_ret,
	TP_PROTO(const struct eventpoll *ep, int ret),
	TP_ARGS(ep, ret),
	TP_STRUCT__entry(
		__field(const void *, ep)
		__field(int, ret)
	),
	TP_fast_assign(
		__entry->ep = ep;
		__entry->ret = ret;
	),
	TP_printk("ep=%p ret=%d", __entry->ep, __entry->ret)
);

DEFINE_EVENT(xpoll_ret, xpoll_wait_return,
	TP_PROTO(const struct eventpoll *ep, int ret),
	TP_ARGS(ep, ret)
);

/* A scan begins: for a waiter with room for events, or for a poll of the instance (room 0). */
TRACE_EVENT(xpoll_scan_begin,
	TP_PROTO(const struct eventpoll *ep, int room),
	TP_ARGS(ep, room),
	TP_STRUCT__entry(
		__field(const void *, ep)
		__field(int, room)
	),
	TP_fast_assign(
		__entry->ep = ep;
		__entry->room = room;
	),
	TP_printk("ep=%p room=%d", __entry->ep, __entry->room)
);

/* ret: number of events delivered, or -errno; for a poll, whether anything is ready */
DEFINE_EVENT(xpoll_ret, xpoll_scan_end,
	TP_PROTO(const struct eventpoll *ep, int ret),
	TP_ARGS(ep, ret)
);

/*
 * The last close of a watched file has removed its items from one instance. @removed is 0
 * if another task removed them first.
 */
TRACE_EVENT(xpoll_last_close,
	TP_PROTO(const struct eventpoll *ep, const struct file *file, unsigned int removed),
	TP_ARGS(ep, file, removed),
	TP_STRUCT__entry(
		__field(const void *, ep)
		__field(const void *, file)
		__field(unsigned int, removed)
	),
	TP_fast_assign(
		__entry->ep = ep;
		__entry->file = file;
		__entry->removed = removed;
	),
	TP_printk("ep=%p file=%p removed=%u", __entry->ep, __entry->file, __entry->removed)
);

#endif /* XPOLL_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
