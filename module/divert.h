/* SPDX-License-Identifier: GPL-2.0-only */
/* divert.S: what ftrace calls at the entries of epoll's functions, and what C can't say. */
#ifndef XPOLL_DIVERT_H
#define XPOLL_DIVERT_H

#include <linux/linkage.h>

struct file;

void xp_wait_trampoline(void);
void xp_ctl_trampoline(void);
void xp_ctl_file_trampoline(void);
void xp_sendevents_trampoline(void);
void xp_create_trampoline(void);

/* fput(), which changes none of the registers that decide.c keeps. */
asmlinkage void xp_fput_saving(struct file *file);

/* Call the function at the address @function with the arguments before it. */
asmlinkage long xp_jump(long a, long b, long c, long d, long e, unsigned long function);

#endif /* XPOLL_DIVERT_H */
