/* SPDX-License-Identifier: MIT */
#include "create.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <xpoll/xpoll.h>

#include "device.h"

_Static_assert(EPOLL_CLOEXEC == O_CLOEXEC && EPOLL_CLOEXEC == XPOLL_CLOEXEC, "one flag");

struct wish {
  int flags;
  struct xpoll_group group;
};

/*
 * The instance takes over the device's number: the lowest that was free, which is what the native
 * call would have returned. Until then it is close-on-exec, whatever is wished: a program that
 * another thread starts meanwhile must not inherit it twice.
 */
static int create_in_place(int device, void* arg) {
  const struct wish* wish = arg;
  struct xpoll_create_keyed create = {
      .flags = XPOLL_CLOEXEC, .group = wish->group.number, .key = wish->group.key};
  /* What has no key begins with the structure that has none. */
  int instance = ioctl(device, create.key ? XPOLL_IOC_CREATE_KEYED : XPOLL_IOC_CREATE, &create);
  int ret, saved_errno;

  if (instance < 0) return -1;
  ret = dup3(instance, device, wish->flags);
  saved_errno = errno;
  close(instance);
  errno = saved_errno;
  return ret;
}

int xpoll_create_in_group(int flags, struct xpoll_group group) {
  struct wish wish = {.flags = flags, .group = group};

  /* Before the device is opened: the answer must not depend on there being one. */
  if (flags & ~EPOLL_CLOEXEC) {
    errno = EINVAL;
    return -1;
  }
  return xpoll_with_device(create_in_place, &wish);
}

int xpoll_create1(int flags) { return xpoll_create_in_group(flags, (struct xpoll_group){0}); }
