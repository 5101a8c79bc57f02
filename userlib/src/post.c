/* SPDX-License-Identifier: MIT */
#include <xpoll/xpoll.h>

#include "system_call.h"

int xpoll_post(int epfd, uint64_t data) {
  return xpoll_with_errno(xpoll_ioctl(epfd, XPOLL_IOC_POST, &data));
}
