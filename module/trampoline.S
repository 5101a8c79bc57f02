/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Target of ftrace's direct call at the entry of the hooked function. Calls xp_last_close()
 * with that function's first argument, the file, then returns into the function. The stack
 * frame keeps stack traces through here complete.
 */
#include <linux/linkage.h>
#include <asm/asm-offsets.h>
#include <asm/nospec-branch.h>

/* For kernels with call depth tracking, a mitigation of Retbleed. */
#if !defined(CONFIG_MITIGATION_CALL_DEPTH_TRACKING) && !defined(CONFIG_CALL_DEPTH_TRACKING)
#define ACCOUNT_CALL
#else
#define ACCOUNT_CALL CALL_DEPTH_ACCOUNT
#endif

	.text
SYM_FUNC_START(xp_last_close_trampoline)
	pushq	%rbp
	movq	%rsp, %rbp
	ACCOUNT_CALL
	pushq	%rdi
	call	xp_last_close
	popq	%rdi
	leave
	RET
SYM_FUNC_END(xp_last_close_trampoline)
