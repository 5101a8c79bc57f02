/* SPDX-License-Identifier: MIT */
#include <xpoll/xpoll.h>

#include "instance.h"

static int ctl_ioctl(int epfd, int op, int fd, struct epoll_event* event) {
  struct xpoll_ctl arg = {.op = op, .fd = fd, .event = (uintptr_t)event};

  return xpoll_ioctl(epfd, XPOLL_IOC_CTL, &arg);
}

static XPOLL_ASIDE int call_failed(int ret, int epfd, int op, int fd, struct epoll_event* event) {
  int by_ioctl;

  if (!xpoll_ctl_is_foreign(ret)) return xpoll_with_errno(ret);
  by_ioctl = ctl_ioctl(epfd, op, fd, event);
  if (xpoll_ctl_is_foreign(by_ioctl)) return xpoll_with_errno(ret);
  xpoll_set_hint(&xpoll_calls_hint, false);
  return xpoll_with_errno(by_ioctl);
}

static XPOLL_ASIDE int ioctl_failed(int ret, int epfd, int op, int fd, struct epoll_event* event) {
  return xpoll_with_errno(xpoll_ctl_is_foreign(ret) ? xpoll_ctl_call(epfd, op, fd, event) : ret);
}

int xpoll_ctl(int epfd, int op, int fd, struct epoll_event* event) {
  int ret;

  if (xpoll_hint(&xpoll_calls_hint)) {
    ret = xpoll_ctl_call(epfd, op, fd, event);
    return ret < 0 ? call_failed(ret, epfd, op, fd, event) : ret;
  }
  ret = ctl_ioctl(epfd, op, fd, event);
  return ret < 0 ? ioctl_failed(ret, epfd, op, fd, event) : ret;
}
