// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts what a command, and whatever it starts, does with epoll or xpoll. Every count is an
 * atomic addition to memory that the tool has mapped: nothing goes through a buffer that can
 * overflow, so the counts are exact.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "counts.h"
#include "probes/bpf/system_call.bpf.h"

#define TASK_IS_DEAD 0x80

/* The process that becomes the command at its first exec after launcher_execs execs. */
const volatile pid_t command_pid;
const volatile __u32 launcher_execs;

struct counts counts;
/* The command listens, and one of its tasks waits: a client that connects now is served. */
bool listening;
bool serving;

__u32 execs;

struct task {
	bool waiting;
	bool slept;
};

/*
 * Key: the address of the task_struct. The pid can change: a thread that calls exec takes over
 * the pid of the process.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct task);
} tasks SEC(".maps");

/* Processes seen so far, by pid. The path events name the process by pid. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, bool);
} processes SEC(".maps");

/* Key: the address of the struct eventpoll, native or xpoll. Callbacks run in any context. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, bool);
} instances SEC(".maps");

static void add(__u64 *count)
{
	__sync_fetch_and_add(count, 1);
}

static struct task *find_task(const struct task_struct *task)
{
	__u64 key = (__u64)task;

	return bpf_map_lookup_elem(&tasks, &key);
}

static struct task *current_task(void)
{
	return find_task((const struct task_struct *)bpf_get_current_task());
}

static void follow(const struct task_struct *task)
{
	__u64 key = (__u64)task;
	struct task fresh = {};
	__u32 process = task->tgid;
	bool there = true;

	if (bpf_map_update_elem(&tasks, &key, &fresh, BPF_ANY) ||
	    bpf_map_update_elem(&processes, &process, &there, BPF_ANY))
		add(&counts.lost_tasks);
	else
		add(&counts.tasks);
}

static void follow_instance(__u64 ep)
{
	bool there = true;

	if (bpf_map_update_elem(&instances, &ep, &there, BPF_ANY))
		add(&counts.lost_instances);
}

static bool is_followed_instance(__u64 ep)
{
	return bpf_map_lookup_elem(&instances, &ep);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, pid_t old_pid)
{
	if (task->pid == command_pid && execs++ == launcher_execs)
		follow(task);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	if (find_task(parent))
		follow(child);
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next,
	     unsigned int prev_state)
{
	struct task *task = find_task(prev);
	__u64 key = (__u64)prev;

	if (!task)
		return 0;
	/* Not counted, since the parent may have read the task's counters already. */
	if (prev_state & TASK_IS_DEAD) {
		bpf_map_delete_elem(&tasks, &key);
		return 0;
	}
	/* The kernel's own rule for voluntary switches, as in getrusage(2). */
	if (preempt || !prev_state) {
		add(&counts.involuntary_switches);
		return 0;
	}
	add(&counts.voluntary_switches);
	if (task->waiting) {
		task->slept = true;
		add(&counts.sleeps);
	}
	return 0;
}

SEC("tp_btf/sched_waking")
int BPF_PROG(on_waking, struct task_struct *woken)
{
	struct task *task = find_task(woken);

	if (!task)
		return 0;
	add(&counts.all_wakeups);
	if (task->waiting)
		add(&counts.wakeups);
	return 0;
}

/* The fields of a command as _IOC() of <asm-generic/ioctl.h> places them. */
static bool is_xpoll_command(__u32 command)
{
	return (command >> 8 & 0xff) == COUNTS_XPOLL_MAGIC &&
	       (command & 0xff) < COUNTS_XPOLL_COMMANDS;
}

static void count_call(const struct pt_regs *regs, unsigned long nr)
{
	__u32 command = PT_REGS_PARM2_SYSCALL(regs);

	if (nr == __NR_ioctl && is_xpoll_command(command))
		add(&counts.xpoll_commands[command & (COUNTS_XPOLL_COMMANDS - 1)]);
	else if (nr < COUNTS_SYSTEM_CALLS)
		add(&counts.system_calls[nr]);
}

static bool is_wait(const struct pt_regs *regs, unsigned long nr)
{
	__u32 command = PT_REGS_PARM2_SYSCALL(regs);

	if (nr == __NR_ioctl)
		return is_xpoll_command(command) && (command & 0xff) == COUNTS_XPOLL_WAIT;
	return is_epoll_wait(nr);
}

static void begin_wait(struct task *task)
{
	task->waiting = true;
	task->slept = false;
	add(&counts.waits);
	if (listening)
		serving = true;
}

/* Following a file that is no native instance is harmless: no callback names it. */
static void follow_native_instance(const struct task_struct *task, __u32 fd)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **slots = BPF_CORE_READ(table, fd);
	struct file *file = NULL;

	if (fd >= BPF_CORE_READ(table, max_fds) ||
	    bpf_probe_read_kernel(&file, sizeof(file), slots + fd) || !file)
		return;
	follow_instance((__u64)BPF_CORE_READ(file, private_data));
}

SEC("tp_btf/sys_enter")
int BPF_PROG(on_call, struct pt_regs *regs, long nr)
{
	struct task *task = current_task();

	if (!task)
		return 0;
	count_call(regs, nr);
	if (is_wait(regs, nr))
		begin_wait(task);
	else if (nr == __NR_epoll_ctl)
		follow_native_instance((const struct task_struct *)bpf_get_current_task(),
				       PT_REGS_PARM1_SYSCALL(regs));
	return 0;
}

static __u32 bucket_of(__u64 number)
{
	__u32 bucket = 0;

	while (number > 1 && bucket < COUNTS_BUCKETS - 1) {
		number >>= 1;
		bucket++;
	}
	return bucket;
}

static void end_wait(struct task *task, long result)
{
	task->waiting = false;
	if (task->slept)
		add(&counts.waits_slept);
	if (result < 0) {
		add(&counts.waits_failed);
	} else if (!result) {
		add(&counts.waits_empty);
	} else {
		__sync_fetch_and_add(&counts.events, result);
		add(&counts.events_per_wait[bucket_of(result) & (COUNTS_BUCKETS - 1)]);
	}
}

SEC("tp_btf/sys_exit")
int BPF_PROG(on_return, struct pt_regs *regs, long result)
{
	struct task *task = current_task();
	unsigned long nr = system_call(regs);

	if (!task)
		return 0;
	if (task->waiting)
		end_wait(task, result);
	else if (nr == __NR_listen && !result)
		listening = true;
	else if (is_epoll_create(nr) && result >= 0)
		add(&counts.native_instances);
	return 0;
}

static int count_native_callback(const wait_queue_entry_t *wait)
{
	struct eppoll_entry *hook = container_of(wait, struct eppoll_entry, wait);

	if (is_followed_instance((__u64)BPF_CORE_READ(hook, base, ep)))
		add(&counts.callbacks);
	return 0;
}

SEC("fentry/ep_poll_callback")
int BPF_PROG(on_native_callback, wait_queue_entry_t *wait)
{
	return count_native_callback(wait);
}

SEC("kprobe/ep_poll_callback")
int BPF_KPROBE(on_native_callback_kprobe, wait_queue_entry_t *wait)
{
	return count_native_callback(wait);
}

static int forget_instance(__u64 ep)
{
	bpf_map_delete_elem(&instances, &ep);
	return 0;
}

SEC("fentry/ep_eventpoll_release")
int BPF_PROG(on_native_release, struct inode *inode, struct file *file)
{
	return forget_instance((__u64)file->private_data);
}

SEC("kprobe/ep_eventpoll_release")
int BPF_KPROBE(on_native_release_kprobe, struct inode *inode, struct file *file)
{
	return forget_instance((__u64)BPF_CORE_READ(file, private_data));
}

SEC("raw_tp/xpoll_create")
int on_xpoll_create(struct bpf_raw_tracepoint_args *event)
{
	if (!current_task())
		return 0;
	add(&counts.xpoll_instances);
	follow_instance(event->args[0]);
	return 0;
}

SEC("raw_tp/xpoll_release")
int on_xpoll_release(struct bpf_raw_tracepoint_args *event)
{
	return forget_instance(event->args[0]);
}

SEC("raw_tp/xpoll_callback")
int on_xpoll_callback(struct bpf_raw_tracepoint_args *event)
{
	if (is_followed_instance(event->args[0]))
		add(&counts.callbacks);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
