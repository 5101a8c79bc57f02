/* SPDX-License-Identifier: GPL-2.0-only */
/* How a system call enters the kernel, for calltest.c. */
#ifndef XPOLL_ARCH_ENTRIES_H
#define XPOLL_ARCH_ENTRIES_H

#include <linux/ptrace.h>

struct xp_entries {
	const char *wait, *pwait, *ctl, *create, *create1;
};

/* The functions in the kernel's tables of system calls; 32-bit callers share all but one. */
static const struct xp_entries xp_entries[] = {
	{
		.wait	 = "__arm64_sys_epoll_wait",
		.pwait	 = "__arm64_sys_epoll_pwait",
		.ctl	 = "__arm64_sys_epoll_ctl",
		.create	 = "__arm64_sys_epoll_create",
		.create1 = "__arm64_sys_epoll_create1",
	},
#ifdef CONFIG_COMPAT
	{
		.wait	 = "__arm64_sys_epoll_wait",
		.pwait	 = "__arm64_compat_sys_epoll_pwait",
		.ctl	 = "__arm64_sys_epoll_ctl",
		.create	 = "__arm64_sys_epoll_create",
		.create1 = "__arm64_sys_epoll_create1",
	},
#endif
};

/* The arguments; the fourth and later are 0. Newer kernels take the first one from @orig_x0. */
static inline struct pt_regs xp_entry_regs(const struct xp_entries *entries, long a, long b, long c)
{
	return (struct pt_regs) { .regs = { a, b, c }, .orig_x0 = a };
}

#endif /* XPOLL_ARCH_ENTRIES_H */
