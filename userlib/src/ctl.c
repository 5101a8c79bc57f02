/* SPDX-License-Identifier: MIT */
#include <xpoll/xpoll.h>

#include "instance.h"

static struct xpoll_ctl ctl_of(int op, int fd, struct epoll_event* event) {
  return (struct xpoll_ctl){.op = op, .fd = fd, .event = (uintptr_t)event};
}

/* Takes the kernel's arguments, so that a call that succeeds need not keep ours as well. */
static XPOLL_ASIDE int call_failed(int ret, long epfd, long op, long fd,
                                   struct epoll_event* event) {
  struct xpoll_ctl arg = ctl_of((int)op, (int)fd, event);
  int by_ioctl;

  if (!xpoll_ctl_is_foreign(ret)) return xpoll_with_errno(ret);
  by_ioctl = xpoll_ioctl((int)epfd, XPOLL_IOC_CTL, &arg);
  if (xpoll_ctl_is_foreign(by_ioctl)) return xpoll_with_errno(ret);
  xpoll_set_hint(&xpoll_calls_hint, false);
  return xpoll_with_errno(by_ioctl);
}

/* By arg, for the same reason. */
static XPOLL_ASIDE int ioctl_failed(int ret, int epfd, const struct xpoll_ctl* arg) {
  /* The number that another thread closed during the ioctl may be open again by now. */
  if (ret == -EBADF && xpoll_is_instance(epfd)) return xpoll_with_errno(ret);
  if (xpoll_ctl_is_foreign(ret))
    ret = xpoll_ctl_call(epfd, arg->op, arg->fd, (struct epoll_event*)(uintptr_t)arg->event);
  return xpoll_with_errno(ret);
}

static XPOLL_ASIDE int by_ioctl(int epfd, int op, int fd, struct epoll_event* event) {
  struct xpoll_ctl arg = ctl_of(op, fd, event);
  int ret = xpoll_ioctl(epfd, XPOLL_IOC_CTL, &arg);

  return ret < 0 ? ioctl_failed(ret, epfd, &arg) : ret;
}

static inline int by_call(long epfd, long op, long fd, struct epoll_event* event) {
  int ret = xpoll_ctl_call(epfd, op, fd, event);

  return ret < 0 ? call_failed(ret, epfd, op, fd, event) : ret;
}

int xpoll_ctl(int epfd, int op, int fd, struct epoll_event* event) {
  return xpoll_hint(&xpoll_calls_hint) ? by_call(epfd, op, fd, event)
                                       : by_ioctl(epfd, op, fd, event);
}
