// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is a descriptor an instance? This runs in each of epoll's calls while any instance exists, before
 * the hooked function's arguments have been used. On x86-64 the compiler keeps the registers that
 * hold them (-fcall-saved-*), so that the trampoline need not save them. So nothing here may call
 * an ordinary function, nor what a debugging option would call: see arch/x86/decide.mk.
 *
 * The RCU read-side critical section is a region with preemption disabled, because rcu_read_lock()
 * may be a function call.
 */
#include <linux/cache.h>
#include <linux/fdtable.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "compat_file.h"
#include "decide.h"
#include "divert.h"
#include "eventpoll.h"

/* A line of its own: each creation and each end of an instance writes it. */
atomic_t xp_instances ____cacheline_aligned_in_smp = ATOMIC_INIT(0);

static __always_inline bool xp_is_instance(const struct file *file)
{
	return file && READ_ONCE(file->f_op) == &xp_eventpoll_fops;
}

/*
 * Other tasks may close the descriptor at any time. Since 6.7 the file's memory may then be another
 * file at once, so look again after the reference is taken, as fget() does.
 *
 * Return: as xp_decide(), or 0 with a file in @wrong, whose reference is to be dropped.
 */
static __always_inline unsigned long xp_decide_counted(struct files_struct *files, unsigned int fd,
						       struct file **wrong)
{
	struct file *file;

	*wrong = NULL;
	do {
		file = files_lookup_fd_raw(files, fd);
		if (likely(!xp_is_instance(file)))
			return 0;
	} while (unlikely(!xp_file_get_live_inline(file)));
	if (likely(files_lookup_fd_raw(files, fd) == file && xp_is_instance(file)))
		return (unsigned long)file | EP_FILE_COUNTED;
	*wrong = file;
	return 0;
}

/* Out of line, so that xp_decide() need not save registers. */
static noinline unsigned long xp_decide_shared(unsigned int fd)
{
	unsigned long instance;
	struct file *wrong;

	for (;;) {
		preempt_disable_notrace();
		instance = xp_decide_counted(current->files, fd, &wrong);
		preempt_enable_notrace();
		if (likely(!wrong))
			return instance;
		xp_fput_saving(wrong);
	}
}

asmlinkage __visible unsigned long xp_decide(unsigned int fd)
{
	struct files_struct *files = current->files;
	struct file *file;

	/* Decide this first: the other threads of a shared table may end in between. */
	if (atomic_read_acquire(&files->count) != 1)
		return xp_decide_shared(fd);
	file = files_lookup_fd_raw(files, fd);
	if (!xp_is_instance(file)) {
		/* keeps the compiler from a conditional move, which costs 4 instructions more */
		barrier();
		return 0;
	}
	return (unsigned long)file;
}

#if defined(XP_HAVE_EPOLL_KEY) || defined(XP_HAVE_SENDEVENTS)
asmlinkage __visible bool xp_decide_file(const struct file *file)
{
	return xp_is_instance(file);
}
#endif
