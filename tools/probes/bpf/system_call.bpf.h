/* SPDX-License-Identifier: GPL-2.0-only */
/* System calls as their registers show them, which differ between processors. */
#ifndef XPOLL_PROBES_BPF_SYSTEM_CALL_BPF_H
#define XPOLL_PROBES_BPF_SYSTEM_CALL_BPF_H

#include "vmlinux.h"

#include <asm/unistd.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* Return: the number of the call, or a number beyond all calls if the task is in none. */
static __always_inline unsigned long system_call(const struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return regs->orig_ax;
#elif defined(__TARGET_ARCH_arm64)
	return regs->syscallno;
#else
#error "which register has the number of the system call?"
#endif
}

/* arm64 has neither epoll_wait(2) nor epoll_create(2): its C library makes the newer calls. */
static __always_inline bool is_epoll_wait(unsigned long call)
{
	switch (call) {
#ifdef __NR_epoll_wait
	case __NR_epoll_wait:
#endif
	case __NR_epoll_pwait:
	case __NR_epoll_pwait2:
		return true;
	default:
		return false;
	}
}

static __always_inline bool is_epoll_create(unsigned long call)
{
	switch (call) {
#ifdef __NR_epoll_create
	case __NR_epoll_create:
#endif
	case __NR_epoll_create1:
		return true;
	default:
		return false;
	}
}

#endif /* XPOLL_PROBES_BPF_SYSTEM_CALL_BPF_H */
