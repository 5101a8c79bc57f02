/* SPDX-License-Identifier: GPL-2.0-only */
#include <linux/linkage.h>
#ifdef CONFIG_X86
#include <asm/ibt.h>
#endif

	.text
#ifdef CONFIG_ARM64
SYM_FUNC_START(blocker_trampoline)
	/* x9: where the blocked function returns to, x30: where it goes on */
	mov	x10, x30
	mov	x30, x9
	ret	x10
#else
/* The module takes the address, and SYM_FUNC_START() of newer kernels has no ENDBR. */
SYM_START(blocker_trampoline, SYM_L_GLOBAL, SYM_A_ALIGN)
	ENDBR
	RET
#endif
SYM_FUNC_END(blocker_trampoline)
