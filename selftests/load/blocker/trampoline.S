/* SPDX-License-Identifier: GPL-2.0-only */
#include <linux/linkage.h>

	.text
SYM_FUNC_START(blocker_trampoline)
	RET
SYM_FUNC_END(blocker_trampoline)
