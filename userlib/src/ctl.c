/* SPDX-License-Identifier: MIT */
#include <xpoll/xpoll.h>

#include "instance.h"

int xpoll_ctl(int epfd, int op, int fd, struct epoll_event* event) {
  struct xpoll_ctl arg = {.op = op, .fd = fd, .event = (uintptr_t)event};
  int ret = ioctl(epfd, XPOLL_IOC_CTL, &arg);

  return xpoll_is_foreign(ret) ? epoll_ctl(epfd, op, fd, event) : ret;
}
