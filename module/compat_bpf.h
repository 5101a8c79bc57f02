/* SPDX-License-Identifier: GPL-2.0-only */
/* Differences between the kernels in how a BPF program is run. See compat.h. */
#ifndef XPOLL_COMPAT_BPF_H
#define XPOLL_COMPAT_BPF_H

#include <linux/bpf.h>

/* Before 6.9 no program of the type that xpoll takes can sleep. */
static inline bool xp_prog_sleeps(const struct bpf_prog *prog)
{
#ifdef XP_HAVE_PROG_SLEEPABLE
	return prog->sleepable;
#else
	return false;
#endif
}

/*
 * Without preemption. Return: may @prog run, since it does not run on this processor already? Call
 * xp_prog_leave() in either case.
 */
static inline bool xp_prog_enter(const struct bpf_prog *prog)
{
#ifdef XP_HAVE_BPF_RECURSION_CONTEXT
	return bpf_prog_get_recursion_context((struct bpf_prog *)prog);
#else
	return this_cpu_inc_return(*prog->active) == 1;
#endif
}

static inline void xp_prog_leave(const struct bpf_prog *prog)
{
#ifdef XP_HAVE_BPF_RECURSION_CONTEXT
	bpf_prog_put_recursion_context((struct bpf_prog *)prog);
#else
	this_cpu_dec(*prog->active);
#endif
}

#endif
