/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Targets of ftrace's direct calls at the entries of do_epoll_wait(), do_epoll_ctl() and
 * do_epoll_create(). Each returns into the hooked function, or diverts the call: it replaces its
 * own return address by the function of calls.c that takes the hooked one's place. So each call
 * still has its RET, and the processor's prediction of the returns up to user mode stays right.
 *
 * The replacement runs as if it had been called in place of the hooked function, with the same
 * arguments and one more. No frame of a trampoline is left while it sleeps.
 */
#include <linux/objtool.h>
#include <asm/frame.h>

#include "trampoline.h"

/* xp_decide() changes no argument of the hooked function. Its result becomes the last one. */
.macro DIVERT replacement last
	ACCOUNT_CALL
	cmpl	$0, xp_instances(%rip)
	jne	1f
	RET
1:	FRAME_BEGIN
	call	xp_decide
	FRAME_END
	testq	%rax, %rax
	jz	2f
	movq	%rax, \last
	movq	$\replacement, (%rsp)
2:	RET
.endm

/* For a function whose first argument is the file. xp_decide_file() changes no argument. */
.macro DIVERT_FILE replacement
	ACCOUNT_CALL
	cmpl	$0, xp_instances(%rip)
	jne	1f
	RET
1:	FRAME_BEGIN
	call	xp_decide_file
	FRAME_END
	testb	%al, %al
	jz	2f
	movq	$\replacement, (%rsp)
2:	RET
.endm

	.text
TRAMPOLINE_START xp_wait_trampoline
	DIVERT	xp_do_epoll_wait, %r8
SYM_FUNC_END(xp_wait_trampoline)

TRAMPOLINE_START xp_ctl_trampoline
	DIVERT	xp_do_epoll_ctl, %r9
SYM_FUNC_END(xp_ctl_trampoline)

#ifdef XP_HAVE_EPOLL_KEY
TRAMPOLINE_START xp_ctl_file_trampoline
	DIVERT_FILE xp_do_epoll_ctl_file
SYM_FUNC_END(xp_ctl_file_trampoline)
#endif

#ifdef XP_HAVE_SENDEVENTS
TRAMPOLINE_START xp_sendevents_trampoline
	DIVERT_FILE xp_epoll_sendevents
SYM_FUNC_END(xp_sendevents_trampoline)
#endif

TRAMPOLINE_START xp_create_trampoline
	ACCOUNT_CALL
	cmpl	$0, xp_processes(%rip)
	jne	1f
	RET
1:	FRAME_BEGIN
	pushq	%rdi
	call	xp_decide_create
	popq	%rdi
	FRAME_END
	testb	%al, %al
	jz	2f
	movq	$xp_do_epoll_create, (%rsp)
2:	RET
SYM_FUNC_END(xp_create_trampoline)

/* fput() for decide.c, whose callers' arguments no function that it calls may change. */
SYM_FUNC_START(xp_fput_saving)
	FRAME_BEGIN
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	%r8
	call	fput
	popq	%r8
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
	FRAME_END
	RET
SYM_FUNC_END(xp_fput_saving)

/*
 * Go to the address in the last argument. An indirect call would not do: the kernel removes the
 * ENDBR from functions that it calls directly only.
 */
SYM_FUNC_START(xp_jump)
	pushq	%r9
	RET
SYM_FUNC_END(xp_jump)
STACK_FRAME_NON_STANDARD xp_jump
