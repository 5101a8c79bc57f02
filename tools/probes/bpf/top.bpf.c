// SPDX-License-Identifier: GPL-2.0-only
/*
 * xpoll-top's probes: they count what happens to each instance. User space chooses which of them
 * are loaded.
 */
#include "probes/bpf/top_descriptors.bpf.h"
#include "probes/bpf/top_instances.bpf.h"
#include "probes/bpf/top_native.bpf.h"
#include "probes/bpf/top_waits.bpf.h"

#define ANON_INODE_FS_MAGIC 0x09041934
#define EPOLL_CTL_ADD	    1
#define EPOLL_CTL_DEL	    2

char LICENSE[] SEC("license") = "GPL";

/* The kinds of instances to watch; set before loading. */
const volatile bool watched_kinds[TOP_KINDS];

/* Native epoll. */

SEC("fexit/do_epoll_create")
int BPF_PROG(native_made, int flags, int fd)
{
	struct file *file = fd >= 0 ? file_of_descriptor(bpf_get_current_task_btf(), fd) : NULL;

	if (file)
		instance_made((u64)BPF_CORE_READ(file, private_data), TOP_NATIVE, fd);
	return 0;
}

/*
 * The next three are for kernel functions that xpoll has hooked, where fentry and fexit are not
 * possible. A hooked call may be one on an instance of xpoll, which xpoll's tracepoints count.
 */
static __always_inline bool is_native(const struct file *file)
{
	char name[sizeof("[eventpoll]")];

	bpf_probe_read_kernel_str(name, sizeof(name),
				  BPF_CORE_READ(file, f_path.dentry, d_name.name));
	return !bpf_strncmp(name, sizeof(name), "[eventpoll]");
}

SEC("kretprobe/do_epoll_create")
int BPF_KRETPROBE(native_made_kretprobe, int fd)
{
	struct file *file = fd >= 0 ? file_of_descriptor(bpf_get_current_task_btf(), fd) : NULL;

	if (file && is_native(file))
		instance_made((u64)BPF_CORE_READ(file, private_data), TOP_NATIVE, fd);
	return 0;
}

SEC("kprobe/do_epoll_wait")
int BPF_KPROBE(native_wait_begins_kprobe, int epfd)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct top_instance *instance = instance_of_descriptor(task, epfd);

	if (instance && instance->kind == TOP_NATIVE)
		wait_begins(task, instance);
	return 0;
}

SEC("kretprobe/do_epoll_wait")
int BPF_KRETPROBE(native_wait_ends_kretprobe, int ret)
{
	struct top_wait *wait = wait_of((u32)bpf_get_current_pid_tgid());
	struct top_instance *instance = wait ? instance_at(wait->ep) : NULL;

	if (instance && instance->kind == TOP_NATIVE)
		wait_ends(wait, instance, ret);
	return 0;
}

SEC("fentry/ep_eventpoll_release")
int BPF_PROG(native_gone, struct inode *inode, struct file *file)
{
	instance_gone((u64)file->private_data);
	return 0;
}

SEC("fentry/ep_poll_callback")
int BPF_PROG(native_callback, struct wait_queue_entry *entry, unsigned int mode, int sync,
	     void *key)
{
	struct epitem *item = item_of_hook(entry);
	struct eventpoll *ep = BPF_CORE_READ(item, ep);
	struct top_instance *instance = instance_at((u64)ep);

	if (!instance)
		return 0;
	count(instance->counts.callbacks, 1);
	if (wants_histograms && item_wants(item, (u32)(u64)key))
		item_queued(instance);
	if (item_overflows(ep, item, (u32)(u64)key))
		count(instance->counts.overflows, 1);
	return 0;
}

SEC("fentry/ep_autoremove_wake_function")
int BPF_PROG(native_wake, struct wait_queue_entry *entry)
{
	u64 ep = instance_of_waiter(entry);
	struct task_struct *task = entry->private;
	struct top_instance *instance = instance_at(ep);
	struct top_wait *wait;

	if (!instance)
		return 0;
	count(instance->counts.wakes, 1);
	wait = wait_of(BPF_CORE_READ(task, pid));
	if (wait && wait->ep == ep)
		waiter_woken(wait, instance);
	else
		count(instance->counts.waits_under_way, 1);
	return 0;
}

SEC("fentry/do_epoll_wait")
int BPF_PROG(native_wait_begins, int epfd)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct top_instance *instance = instance_of_descriptor(task, epfd);

	if (instance)
		wait_begins(task, instance);
	return 0;
}

SEC("fexit/do_epoll_wait")
int BPF_PROG(native_wait_ends, int epfd, void *events, int maxevents, void *timeout, int ret)
{
	struct top_wait *wait = wait_of((u32)bpf_get_current_pid_tgid());
	struct top_instance *instance = wait ? instance_at(wait->ep) : NULL;

	if (instance)
		wait_ends(wait, instance, ret);
	return 0;
}

SEC("fentry/ep_start_scan")
int BPF_PROG(native_scan_begins, struct eventpoll *ep)
{
	scan_begins(instance_at((u64)ep));
	return 0;
}

SEC("fexit/ep_done_scan")
int BPF_PROG(native_scan_ends, struct eventpoll *ep)
{
	scan_ends(instance_at((u64)ep));
	return 0;
}

/* xpoll: the module's tracepoints. */

SEC("raw_tp/xpoll_create")
int BPF_PROG(xpoll_made, u64 ep, int fd)
{
	instance_made(ep, TOP_XPOLL, fd);
	return 0;
}

SEC("raw_tp/xpoll_release")
int BPF_PROG(xpoll_gone, u64 ep)
{
	instance_gone(ep);
	return 0;
}

SEC("raw_tp/xpoll_ctl")
int BPF_PROG(xpoll_ctl, u64 ep, int op, int fd, u32 events, u64 data, int ret)
{
	struct top_instance *instance = ret ? NULL : instance_at(ep);

	if (!instance)
		return 0;
	if (op == EPOLL_CTL_ADD)
		count(instance->counts.watches, 1);
	else if (op == EPOLL_CTL_DEL)
		count(instance->counts.watches, -1);
	return 0;
}

SEC("raw_tp/xpoll_last_close")
int BPF_PROG(xpoll_last_close, u64 ep, u64 file, u32 removed)
{
	struct top_instance *instance = instance_at(ep);

	if (instance)
		count(instance->counts.watches, -(s64)removed);
	return 0;
}

SEC("raw_tp/xpoll_callback")
int BPF_PROG(xpoll_callback, u64 ep)
{
	struct top_instance *instance = instance_at(ep);

	if (instance)
		count(instance->counts.callbacks, 1);
	return 0;
}

SEC("raw_tp/xpoll_queue")
int BPF_PROG(xpoll_queue, u64 ep, u64 file, int fd, u64 overflow)
{
	struct top_instance *instance = overflow || wants_histograms ? instance_at(ep) : NULL;

	if (!instance)
		return 0;
	item_queued(instance);
	if (overflow)
		count(instance->counts.overflows, 1);
	return 0;
}

SEC("raw_tp/xpoll_wake")
int BPF_PROG(xpoll_wake, u64 ep, u64 waiter)
{
	struct top_instance *instance = waiter ? instance_at(ep) : NULL;

	if (instance)
		count(instance->counts.wakes, 1);
	return 0;
}

static __always_inline void xpoll_waiter_woken(u32 tid)
{
	struct top_wait *wait = wait_of(tid);
	struct top_instance *instance = wait ? instance_at(wait->ep) : NULL;

	if (instance)
		waiter_woken(wait, instance);
}

/* The tracepoints do not name the woken task. */
SEC("fentry/xp_waiter_wake")
int BPF_PROG(xpoll_waiter_fentry, struct wait_queue_entry *entry)
{
	struct task_struct *task = entry->private;

	xpoll_waiter_woken(BPF_CORE_READ(task, pid));
	return 0;
}

SEC("kprobe/xp_waiter_wake")
int BPF_KPROBE(xpoll_waiter_kprobe, struct wait_queue_entry *entry)
{
	struct task_struct *task = BPF_CORE_READ(entry, private);

	xpoll_waiter_woken(BPF_CORE_READ(task, pid));
	return 0;
}

SEC("raw_tp/xpoll_wait_enter")
int BPF_PROG(xpoll_wait_begins, u64 ep)
{
	struct top_instance *instance = instance_at(ep);

	if (instance)
		wait_begins(bpf_get_current_task_btf(), instance);
	return 0;
}

SEC("raw_tp/xpoll_wait_return")
int BPF_PROG(xpoll_wait_ends, u64 ep, int ret)
{
	struct top_instance *instance = instance_at(ep);
	struct top_wait *wait = wait_of((u32)bpf_get_current_pid_tgid());
	bool whole = wait && wait->ep == ep;

	if (!instance)
		return 0;
	wait_ends(whole ? wait : NULL, instance, ret);
	if (!whole)
		count(instance->counts.waits_under_way, 1);
	return 0;
}

SEC("raw_tp/xpoll_scan_begin")
int BPF_PROG(xpoll_scan_begins, u64 ep)
{
	scan_begins(instance_at(ep));
	return 0;
}

SEC("raw_tp/xpoll_scan_end")
int BPF_PROG(xpoll_scan_ends, u64 ep)
{
	scan_ends(instance_at(ep));
	return 0;
}

/* Both kinds. */

SEC("raw_tp/sched_process_exit")
int BPF_PROG(thread_gone, struct task_struct *task)
{
	u32 tid = BPF_CORE_READ(task, pid);

	bpf_map_delete_elem(&waits, &tid);
	return 0;
}

/* Return: TOP_KINDS if the file is not an instance. */
static __always_inline u32 kind_of(const struct file *file)
{
	char name[sizeof("[eventpoll]")];

	if (file->f_inode->i_sb->s_magic != ANON_INODE_FS_MAGIC)
		return TOP_KINDS;
	bpf_probe_read_kernel_str(name, sizeof(name), file->f_path.dentry->d_name.name);
	if (!bpf_strncmp(name, sizeof(name), "[eventpoll]"))
		return TOP_NATIVE;
	if (!bpf_strncmp(name, sizeof(name), "[xpoll]"))
		return TOP_XPOLL;
	return TOP_KINDS;
}

/*
 * Lists the processes that have a descriptor of an instance. An existing instance is counted from
 * now on.
 */
SEC("iter/task_file")
int find_holders(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct top_instance instance = {.found = true};
	struct top_holder holder = {.watches = -1};

	if (!task || !file)
		return 0;
	holder.kind = kind_of(file);
	if (holder.kind >= TOP_KINDS || !watched_kinds[holder.kind])
		return 0;
	holder.ep = (u64)file->private_data;
	holder.pid = task->tgid;
	holder.fd = ctx->fd;
	if (holder.kind == TOP_NATIVE)
		holder.watches = watches_of(file->private_data);
	read_command(holder.command, task);

	instance.ep = holder.ep;
	instance.kind = holder.kind;
	instance.pid = holder.pid;
	instance.fd = holder.fd;
	__builtin_memcpy(instance.command, holder.command, sizeof(instance.command));
	/* the file is held, so the instance cannot be released before it is in the table */
	if (!instance_at(holder.ep))
		instance_add(&instance, BPF_NOEXIST);
	bpf_seq_write(ctx->meta->seq, &holder, sizeof(holder));
	return 0;
}

/*
 * Finds tasks that wait already. The end of such a native wait is not seen, since fexit only runs
 * for calls whose entry was traced.
 */
SEC("iter/task")
int find_waiters(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct top_instance *instance = task ? instance_waited_on(task) : NULL;
	struct top_wait *wait;

	if (!instance)
		return 0;
	wait = wait_of(task->pid);
	if (wait && wait->ep)
		return 0;
	wait_begins(task, instance);
	wait = wait_of(task->pid);
	if (wait && instance->kind == TOP_NATIVE)
		wait->ep = 0;
	return 0;
}
