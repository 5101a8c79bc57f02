/* SPDX-License-Identifier: MIT */
#include <xpoll/xpoll.h>

#include "instance.h"
#include "native.h"

static XPOLL_ASIDE int ctl_failed(int ret, int epfd, const struct xpoll_ctl* arg) {
  return xpoll_ctl_is_foreign(ret)
             ? xpoll_native_ctl(epfd, arg->op, arg->fd, (struct epoll_event*)(uintptr_t)arg->event)
             : xpoll_with_errno(ret);
}

int xpoll_ctl(int epfd, int op, int fd, struct epoll_event* event) {
  struct xpoll_ctl arg = {.op = op, .fd = fd, .event = (uintptr_t)event};
  int ret = xpoll_ioctl(epfd, XPOLL_IOC_CTL, &arg);

  return ret < 0 ? ctl_failed(ret, epfd, &arg) : ret;
}
