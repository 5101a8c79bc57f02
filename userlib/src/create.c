/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <xpoll/xpoll.h>

#include "device.h"

_Static_assert(EPOLL_CLOEXEC == XPOLL_CLOEXEC, "flags are passed through");

int xpoll_create1(int flags) {
  struct xpoll_create arg = {.flags = (unsigned int)flags};

  /* Before the device is opened: the answer must not depend on there being one. */
  if (flags & ~EPOLL_CLOEXEC) {
    errno = EINVAL;
    return -1;
  }
  return xpoll_device_ioctl(XPOLL_IOC_CREATE, &arg);
}
