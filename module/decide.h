/* SPDX-License-Identifier: GPL-2.0-only */
/* What the trampolines in divert.S ask at the entries of epoll's functions. */
#ifndef XPOLL_DECIDE_H
#define XPOLL_DECIDE_H

#include <linux/linkage.h>
#include <linux/types.h>

struct file;

/*
 * Files of instances that exist. The trampolines test it, so a native call costs next to
 * nothing where there is none. Raised before a descriptor is installed.
 */
extern atomic_t xp_instances;

/* Bit of what xp_decide() returns: the caller has got a reference to the file. */
#define EP_FILE_COUNTED 1UL

/*
 * Return: the file of descriptor @fd if it is an instance, possibly with EP_FILE_COUNTED;
 * otherwise 0. Without the bit no other task can close the descriptor, as with fdget().
 */
asmlinkage unsigned long xp_decide(unsigned int fd);

/* Return: whether @file, which the caller holds, is an instance. */
asmlinkage bool xp_decide_file(const struct file *file);

static inline struct file *xp_decided_file(unsigned long instance)
{
	return (struct file *)(instance & ~EP_FILE_COUNTED);
}

#endif /* XPOLL_DECIDE_H */
