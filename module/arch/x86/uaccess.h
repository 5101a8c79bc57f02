/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_ARCH_UACCESS_H
#define XPOLL_ARCH_UACCESS_H

#include <linux/uaccess.h>

/*
 * Open access to user memory for unsafe_put_user() at @to, which lies in an area that passed
 * access_ok(). So user_write_access_begin(), which checks it again, is not needed.
 */
#define xp_user_write_begin(to, size) ({ __uaccess_begin_nospec(); true; })
#define xp_user_write_end() __uaccess_end()

#endif /* XPOLL_ARCH_UACCESS_H */
