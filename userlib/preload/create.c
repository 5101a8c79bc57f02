/* SPDX-License-Identifier: MIT */
#include "create.h"

#include <errno.h>
#include <linux/xpoll.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/syscall.h>

#include "../src/create.h"
#include "../src/system_call.h"
#include "settings.h"

/* The group ends with whoever asked for it. Who outlives that, a daemon say, counts no more. */
static int create_counted(int flags, struct xpoll_group group) {
  int ret = xpoll_create_in_group(flags, group);

  return ret < 0 && errno == ESRCH && group.number
             ? xpoll_create_in_group(flags, (struct xpoll_group){0})
             : ret;
}

/* Whether a native instance can't be had either, or not for the asking. */
static bool is_native_error(int error) {
  return error == EINVAL || error == EMFILE || error == ENFILE || error == ENOMEM;
}

int preload_create1(int flags) {
  struct settings settings = settings_get();
  int errno_before = errno;
  int ret;

  /* epoll_create1(2) does not know the library's flags */
  if (flags & ~EPOLL_CLOEXEC) {
    errno = EINVAL;
    return -1;
  }
  ret = create_counted(flags | (settings.close_removes ? XPOLL_CREATE_CLOSE_REMOVES : 0),
                       settings.group);
  if (ret < 0 && settings.fallback && !is_native_error(errno))
    ret = (int)xpoll_with_errno(xpoll_system_call(SYS_epoll_create1, flags, 0, 0, 0, 0, 0));
  if (ret >= 0) errno = errno_before;
  return ret;
}

int preload_create(int size) {
  if (size > 0) return preload_create1(0);
  errno = EINVAL;
  return -1;
}
