/* SPDX-License-Identifier: GPL-2.0-only */
/* How a system call enters the kernel, for calltest.c. */
#ifndef XPOLL_ARCH_ENTRIES_H
#define XPOLL_ARCH_ENTRIES_H

#include <linux/ptrace.h>

struct xp_entries {
	const char *wait, *pwait, *ctl, *create, *create1;
	bool compat;
};

/* The functions in the kernel's tables of system calls. */
static const struct xp_entries xp_entries[] = {
	{
		.wait	 = "__x64_sys_epoll_wait",
		.pwait	 = "__x64_sys_epoll_pwait",
		.ctl	 = "__x64_sys_epoll_ctl",
		.create	 = "__x64_sys_epoll_create",
		.create1 = "__x64_sys_epoll_create1",
	},
#ifdef CONFIG_IA32_EMULATION
	{
		.wait	 = "__ia32_sys_epoll_wait",
		.pwait	 = "__ia32_compat_sys_epoll_pwait",
		.ctl	 = "__ia32_sys_epoll_ctl",
		.create	 = "__ia32_sys_epoll_create",
		.create1 = "__ia32_sys_epoll_create1",
		.compat	 = true,
	},
#endif
};

/* The arguments; the fourth and later are 0. */
static inline struct pt_regs xp_entry_regs(const struct xp_entries *entries, long a, long b, long c)
{
	return entries->compat ? (struct pt_regs) { .bx = a, .cx = b, .dx = c } :
				 (struct pt_regs) { .di = a, .si = b, .dx = c };
}

#endif /* XPOLL_ARCH_ENTRIES_H */
