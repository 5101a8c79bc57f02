/* SPDX-License-Identifier: GPL-2.0-only */
/* Maps a task's descriptor to its instance. */
#ifndef XPOLL_PROBES_TOP_DESCRIPTORS_H
#define XPOLL_PROBES_TOP_DESCRIPTORS_H

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "probes/bpf/system_call.bpf.h"
#include "probes/bpf/top.h"
#include "probes/bpf/top_instances.bpf.h"

#define TASK_INTERRUPTIBLE 1

/* Return: the file, or NULL. */
static __always_inline struct file *file_of_descriptor(const struct task_struct *task, int fd)
{
	struct fdtable *table = task->files->fdt;
	struct file *file = NULL;

	if ((u32)fd < table->max_fds)
		bpf_core_read(&file, sizeof(file), table->fd + fd);
	return file;
}

/* Return: the instance, or NULL if the descriptor has none that is counted. */
static __always_inline struct top_instance *instance_of_descriptor(const struct task_struct *task,
								   int fd)
{
	struct file *file = file_of_descriptor(task, fd);

	return file ? instance_at((u64)BPF_CORE_READ(file, private_data)) : NULL;
}

static __always_inline bool is_wait(const struct pt_regs *regs)
{
	unsigned long call = system_call(regs);

	if (call == __NR_ioctl)
		return (PT_REGS_PARM2_SYSCALL(regs) & 0xffff) == TOP_XPOLL_WAIT;
	return is_epoll_wait(call);
}

/*
 * The instance that the task waits on. Its saved registers belong to its current system call only
 * while it sleeps.
 */
static __always_inline struct top_instance *instance_waited_on(struct task_struct *task)
{
	const struct pt_regs *regs = (const struct pt_regs *)bpf_task_pt_regs(task);

	if (!(task->__state & TASK_INTERRUPTIBLE) || !is_wait(regs))
		return NULL;
	return instance_of_descriptor(task, PT_REGS_PARM1_SYSCALL(regs));
}

#endif /* XPOLL_PROBES_TOP_DESCRIPTORS_H */
