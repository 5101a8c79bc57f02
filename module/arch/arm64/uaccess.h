/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_ARCH_UACCESS_H
#define XPOLL_ARCH_UACCESS_H

#include <linux/uaccess.h>

/* Open access to user memory for unsafe_put_user(). Return: whether it is user memory. */
#define xp_user_write_begin(to, size) user_write_access_begin(to, size)
#define xp_user_write_end() user_write_access_end()

#endif /* XPOLL_ARCH_UACCESS_H */
