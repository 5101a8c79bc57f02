/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Targets of ftrace's direct calls at the entry of a hooked function. Each calls a function of
 * the module with the hooked one's arguments, then returns into the hooked function. The stack
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

TRAMPOLINE_START xp_fd_close_trampoline
	pushq	%rbp
	movq	%rsp, %rbp
	ACCOUNT_CALL
	pushq	%rdi
	pushq	%rsi
	call	xp_fd_close
	popq	%rsi
	popq	%rdi
	leave
	RET
SYM_FUNC_END(xp_fd_close_trampoline)
