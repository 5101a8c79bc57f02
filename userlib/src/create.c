/* SPDX-License-Identifier: MIT */
#include "create.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <xpoll/xpoll.h>

#include "device.h"
#include "features.h"
#include "instance.h"

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
static int create_in_place(int* device, void* arg) {
  const struct wish* wish = arg;
  struct xpoll_create_keyed create = {
      .flags = XPOLL_CLOEXEC, .group = wish->group.number, .key = wish->group.key};
  /* What has no key begins with the structure that has none. */
  int instance = ioctl(*device, create.key ? XPOLL_IOC_CREATE_KEYED : XPOLL_IOC_CREATE, &create);
  struct xpoll_features features;
  int ret, saved_errno;

  if (instance < 0) return -1;
  xpoll_features_of(*device, &features); /* before the instance is used */
  ret = dup3(instance, *device, wish->flags);
  saved_errno = errno;
  if (ret >= 0) *device = -1;
  close(instance);
  errno = saved_errno;
  return ret;
}

/* An instance by epoll_create1(2), or -1 if this process is not to get one so. */
static int create_by_call(int flags) {
  int fd = (int)xpoll_system_call(SYS_epoll_create1, flags | EPOLL_CLOEXEC, 0, 0, 0, 0, 0);

  if (fd < 0) return -1;
  if (!xpoll_is_instance(fd)) {
    xpoll_system_call(SYS_close, fd, 0, 0, 0, 0, 0);
    xpoll_set_hint(&xpoll_process_hint, false);
    return -1;
  }
  xpoll_set_hint(&xpoll_calls_hint, true);
  /* Close-on-exec until it is known to be one that the program is to have. */
  if (!flags) xpoll_system_call(SYS_fcntl, fd, F_SETFD, 0, 0, 0, 0);
  return fd;
}

int xpoll_create_in_group(int flags, struct xpoll_group group) {
  struct wish wish = {.flags = flags, .group = group};
  int fd;

  /* Before the device is opened: the answer must not depend on there being one. */
  if (flags & ~EPOLL_CLOEXEC) {
    errno = EINVAL;
    return -1;
  }
  if (!group.number && xpoll_hint(&xpoll_process_hint)) {
    fd = create_by_call(flags);
    if (fd >= 0) return fd;
  }
  return xpoll_with_device(create_in_place, &wish);
}

int xpoll_create1(int flags) { return xpoll_create_in_group(flags, (struct xpoll_group){0}); }
