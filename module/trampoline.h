/* SPDX-License-Identifier: GPL-2.0-only */
/* For the assembly that ftrace calls directly. */
#ifndef XPOLL_TRAMPOLINE_H
#define XPOLL_TRAMPOLINE_H

#include <linux/linkage.h>
#include <asm/asm-offsets.h>
#include <asm/nospec-branch.h>

/* For kernels with call depth tracking, a mitigation of Retbleed. */
#if !defined(CONFIG_MITIGATION_CALL_DEPTH_TRACKING) && !defined(CONFIG_CALL_DEPTH_TRACKING)
#define ACCOUNT_CALL
#else
#define ACCOUNT_CALL CALL_DEPTH_ACCOUNT
#endif

#endif /* XPOLL_TRAMPOLINE_H */
