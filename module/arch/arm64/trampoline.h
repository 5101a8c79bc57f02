/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the assembly that ftrace calls directly: x9 has the address to which the hooked function
 * returns, x30 the address at which it goes on. Its arguments are in x0 to x7. x10 is free.
 */
#ifndef XPOLL_TRAMPOLINE_H
#define XPOLL_TRAMPOLINE_H

#include <linux/linkage.h>
#include <asm/assembler.h>

/* Begin a function whose address the module takes, which BTI may check. */
.macro TRAMPOLINE_START name
SYM_START(\name, SYM_L_GLOBAL, SYM_A_ALIGN)
	bti	c
.endm

/*
 * Make two frame records, which keep stack traces through here complete: one for the hooked
 * function's caller, one for the function. @room bytes at sp + 16 are the trampoline's.
 */
.macro TRAMPOLINE_FRAME room
	stp	x29, x9, [sp, #-16]!
	mov	x29, sp
	stp	x29, x30, [sp, #-(16 + \room)]!
	mov	x29, sp
.endm

/* Restores x9 and x30. */
.macro TRAMPOLINE_FRAME_END room
	ldp	x29, x30, [sp], #(16 + \room)
	ldp	x29, x9, [sp], #16
.endm

/* Return into the hooked function. */
.macro TRAMPOLINE_RETURN
	mov	x10, x30
	mov	x30, x9
	ret	x10
.endm

#endif /* XPOLL_TRAMPOLINE_H */
