/* SPDX-License-Identifier: GPL-2.0-only */
/* A watched descriptor as probes see it, in the same form for native epoll and xpoll. */
#ifndef XPOLL_PROBES_BPF_ITEM_BPF_H
#define XPOLL_PROBES_BPF_ITEM_BPF_H

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define S_IFMT	 0170000
#define S_IFSOCK 0140000

struct watched_item {
	__u64 instance; /* address of the struct eventpoll, which identifies the instance */
	struct file *file;
	int fd;
	__u32 events; /* requested events */
};

/* The item of the wait queue entry that ep_poll_callback() is called with. */
static __always_inline void native_item(const wait_queue_entry_t *entry, struct watched_item *item)
{
	const struct eppoll_entry *hook =
		(const void *)entry - bpf_core_field_offset(struct eppoll_entry, wait);
	const struct epitem *epi = BPF_CORE_READ(hook, base);

	item->instance = (__u64)BPF_CORE_READ(epi, ep);
	item->file = BPF_CORE_READ(epi, ffd.file);
	item->fd = BPF_CORE_READ(epi, ffd.fd);
	item->events = BPF_CORE_READ(epi, event.events);
}

/* The item that the raw tracepoint xpoll_callback reports. */
static __always_inline void xpoll_item(const struct bpf_raw_tracepoint_args *ctx,
				       struct watched_item *item)
{
	item->instance = ctx->args[0];
	item->file = (struct file *)ctx->args[1];
	item->fd = (int)ctx->args[2];
	item->events = (__u32)ctx->args[3];
}

/* The file's sock, or NULL if the file is not a socket. */
static __always_inline struct sock *sock_of_file(struct file *file)
{
	struct socket *socket;

	if ((BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return NULL;
	socket = BPF_CORE_READ(file, private_data);
	return BPF_CORE_READ(socket, sk);
}

/* The native instance behind a descriptor of the current task. */
static __always_inline __u64 native_instance(int epfd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **slots = BPF_CORE_READ(table, fd);
	struct file *file = NULL;

	bpf_probe_read_kernel(&file, sizeof(file), slots + epfd);
	return (__u64)BPF_CORE_READ(file, private_data);
}

#endif
