/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where ftrace's direct call at the hooked function's entry leads: tell
 * xp_last_close() the function's first argument, the file, then go on into the
 * function by returning. The frame keeps stack traces through here whole.
 */
#include <linux/linkage.h>
#include <asm/asm-offsets.h>
#include <asm/nospec-branch.h>

/* Retbleed's call depth tracking counts calls where a kernel was built with it. */
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
