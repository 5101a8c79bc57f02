/* SPDX-License-Identifier: GPL-2.0-only */
/* For the assembly that ftrace calls directly. */
#ifndef XPOLL_TRAMPOLINE_H
#define XPOLL_TRAMPOLINE_H

#include <linux/linkage.h>
#include <asm/asm-offsets.h>
#include <asm/ibt.h>
#include <asm/nospec-branch.h>

/*
 * Begin a function whose address the module takes: with IBT it needs an ENDBR, which
 * SYM_FUNC_START() of newer kernels does not have.
 */
.macro TRAMPOLINE_START name
SYM_START(\name, SYM_L_GLOBAL, SYM_A_ALIGN)
	ENDBR
.endm

/* For kernels with call depth tracking, a mitigation of Retbleed. */
#if !defined(CONFIG_MITIGATION_CALL_DEPTH_TRACKING) && !defined(CONFIG_CALL_DEPTH_TRACKING)
#define ACCOUNT_CALL
#else
#define ACCOUNT_CALL CALL_DEPTH_ACCOUNT
#endif

#endif /* XPOLL_TRAMPOLINE_H */
