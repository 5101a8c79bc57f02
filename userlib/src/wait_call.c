/* SPDX-License-Identifier: MIT */
#include "instance.h"

long xpoll_system_call_cancellably(long number, long a, long b, long c, long d, long e, long f) {
  int type = xpoll_cancel_begin();
  long ret = xpoll_system_call(number, a, b, c, d, e, f);

  xpoll_cancel_end(type);
  return ret;
}

int xpoll_wait_call_failed(int ret, int epfd, struct xpoll_wait* arg) {
  int by_ioctl;

  if (!xpoll_wait_call_is_foreign(ret)) return xpoll_with_errno(ret);
  by_ioctl = xpoll_wait_ioctl(epfd, arg);
  if (xpoll_wait_is_foreign(epfd, by_ioctl)) return xpoll_with_errno(ret);
  xpoll_set_hint(&xpoll_calls_hint, false);
  return xpoll_with_errno(by_ioctl);
}
