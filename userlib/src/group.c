/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <xpoll/wake.h>

#include "device.h"

/* The group is an open file of the device: the descriptor stays open. */
static int make_group(int* device, void* arg) {
  const int* flags = arg;
  int group = *device;

  if (ioctl(group, XPOLL_IOC_GROUP) < 0) return -1;
  if (!*flags && fcntl(group, F_SETFD, 0) < 0) return -1;
  *device = -1;
  return group;
}

int xpoll_group_create(int flags) {
  if (flags & ~EPOLL_CLOEXEC) {
    errno = EINVAL;
    return -1;
  }
  return xpoll_with_device(make_group, &flags);
}

int xpoll_create_in(int group, int flags) {
  struct xpoll_create create = {.flags = (uint32_t)flags};
  int number = ioctl(group, XPOLL_IOC_GROUP);

  if (number < 0) return -1;
  create.group = (uint32_t)number;
  return ioctl(group, XPOLL_IOC_CREATE, &create);
}
