/* SPDX-License-Identifier: MIT */
#include <xpoll/xpoll.h>

#include "instance.h"
#include "native.h"

int xpoll_ctl(int epfd, int op, int fd, struct epoll_event* event) {
  struct xpoll_ctl arg = {.op = op, .fd = fd, .event = (uintptr_t)event};
  int errno_before = errno;
  int ret = ioctl(epfd, XPOLL_IOC_CTL, &arg);

  return xpoll_is_foreign(ret, errno_before) ? xpoll_native_ctl(epfd, op, fd, event) : ret;
}
