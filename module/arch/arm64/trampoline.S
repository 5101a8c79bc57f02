/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Target of ftrace's direct call at the entry of the hooked function. Calls xp_last_close()
 * with that function's only argument, the file, then returns into the function. No caller
 * expects another register to be kept that a call may change, since the function calls others.
 */
#include "trampoline.h"

	.text
TRAMPOLINE_START xp_last_close_trampoline
	TRAMPOLINE_FRAME 16
	str	x0, [sp, #16]
	bl	xp_last_close
	ldr	x0, [sp, #16]
	TRAMPOLINE_FRAME_END 16
	TRAMPOLINE_RETURN
SYM_FUNC_END(xp_last_close_trampoline)

TRAMPOLINE_START xp_fd_close_trampoline
	TRAMPOLINE_FRAME 16
	stp	x0, x1, [sp, #16]
	bl	xp_fd_close
	ldp	x0, x1, [sp, #16]
	TRAMPOLINE_FRAME_END 16
	TRAMPOLINE_RETURN
SYM_FUNC_END(xp_fd_close_trampoline)
