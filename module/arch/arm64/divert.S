/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Targets of ftrace's direct calls at the entries of do_epoll_wait(), do_epoll_ctl() and
 * do_epoll_create(). Each returns into the hooked function, or diverts the call: it restores the
 * return address of the function's caller and branches to the function of calls.c that takes
 * the hooked one's place, with the same arguments and one more. No frame of a trampoline is left
 * while that sleeps.
 *
 * The hooked function has not used its stack yet, nor signed its return address.
 */
#include "trampoline.h"

/* Return into the hooked function if @counter is 0. */
.macro RETURN_IF_NONE counter
	ldr_l	w10, \counter, x10
	cbnz	w10, .Lsome\@
	TRAMPOLINE_RETURN
.Lsome\@:
.endm

/* The result of xp_decide() becomes the last argument. */
.macro DIVERT replacement last
	RETURN_IF_NONE xp_instances
	TRAMPOLINE_FRAME 48
	stp	x0, x1, [sp, #16]
	stp	x2, x3, [sp, #32]
	str	x4, [sp, #48]
	bl	xp_decide
	mov	x10, x0
	ldp	x0, x1, [sp, #16]
	ldp	x2, x3, [sp, #32]
	ldr	x4, [sp, #48]
	TRAMPOLINE_FRAME_END 48
	cbz	x10, .Lnative\@
	mov	\last, x10
	mov	x30, x9
	b	\replacement
.Lnative\@:
	TRAMPOLINE_RETURN
.endm

/* For a function whose first argument is the file. */
.macro DIVERT_FILE replacement
	RETURN_IF_NONE xp_instances
	TRAMPOLINE_FRAME 48
	stp	x0, x1, [sp, #16]
	stp	x2, x3, [sp, #32]
	str	x4, [sp, #48]
	bl	xp_decide_file
	mov	w10, w0
	ldp	x0, x1, [sp, #16]
	ldp	x2, x3, [sp, #32]
	ldr	x4, [sp, #48]
	TRAMPOLINE_FRAME_END 48
	tst	w10, #0xff
	b.eq	.Lnative\@
	mov	x30, x9
	b	\replacement
.Lnative\@:
	TRAMPOLINE_RETURN
.endm

	.text
TRAMPOLINE_START xp_wait_trampoline
	DIVERT	xp_do_epoll_wait, x4
SYM_FUNC_END(xp_wait_trampoline)

TRAMPOLINE_START xp_ctl_trampoline
	DIVERT	xp_do_epoll_ctl, x5
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
	RETURN_IF_NONE xp_processes
	TRAMPOLINE_FRAME 16
	str	x0, [sp, #16]
	bl	xp_decide_create
	mov	w10, w0
	ldr	x0, [sp, #16]
	TRAMPOLINE_FRAME_END 16
	tst	w10, #0xff
	b.eq	1f
	mov	x30, x9
	b	xp_do_epoll_create
1:	TRAMPOLINE_RETURN
SYM_FUNC_END(xp_create_trampoline)

/* fput() for decide.c: the trampolines have saved the arguments. */
SYM_FUNC_START(xp_fput_saving)
	b	fput
SYM_FUNC_END(xp_fput_saving)

/* Go to the address in the last argument. BTI does not check a return. */
SYM_FUNC_START(xp_jump)
	ret	x5
SYM_FUNC_END(xp_jump)
