/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Target of ftrace's direct call at the entry of the hooked function. Calls xp_last_close()
 * with that function's first argument, the file, then returns into the function. The stack
 * frame keeps stack traces through here complete.
 */
#include "trampoline.h"

	.text
TRAMPOLINE_START xp_last_close_trampoline
	pushq	%rbp
	movq	%rsp, %rbp
	ACCOUNT_CALL
	pushq	%rdi
	call	xp_last_close
	popq	%rdi
	leave
	RET
SYM_FUNC_END(xp_last_close_trampoline)
