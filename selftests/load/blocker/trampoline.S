/* SPDX-License-Identifier: GPL-2.0-only */
#include <linux/linkage.h>

	.text
SYM_FUNC_START(blocker_trampoline)
#ifdef CONFIG_ARM64
	/* x9: where the blocked function returns to, x30: where it goes on */
	mov	x10, x30
	mov	x30, x9
	ret	x10
#else
	RET
#endif
SYM_FUNC_END(blocker_trampoline)
