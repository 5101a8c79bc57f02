/* SPDX-License-Identifier: MIT */
#include "instance.h"

int xpoll_wait_cancellably(int epfd, struct xpoll_wait* arg) {
  int type = xpoll_cancel_begin();
  int ret = xpoll_ioctl(epfd, XPOLL_IOC_WAIT, arg);

  xpoll_cancel_end(type);
  return ret;
}
