/* SPDX-License-Identifier: MIT */
#include "instance.h"

bool xpoll_is_instance(int fd) {
  struct xpoll_stats stats;

  return xpoll_ioctl(fd, XPOLL_IOC_STATS, &stats) == 0;
}
