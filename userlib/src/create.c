/* SPDX-License-Identifier: MIT */
#include "create.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
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
  uint32_t slots; /* of a ready ring, 0 for none */
  bool by_call;   /* the device says that epoll_create1(2) is the way */
};

static int create(int device, const struct wish* wish) {
  /* What has no key, or no ring, begins with the structure that has none. */
  struct xpoll_create_ring arg = {
      .flags = XPOLL_CLOEXEC | (wish->flags & XPOLL_CREATE_CLOSE_REMOVES),
      .group = wish->group.number,
      .key = wish->group.key,
      .slots = wish->slots};

  if (arg.slots) return ioctl(device, XPOLL_IOC_CREATE_RING, &arg);
  return ioctl(device, arg.key ? XPOLL_IOC_CREATE_KEYED : XPOLL_IOC_CREATE, &arg);
}

/*
 * The instance takes over the device's number: the lowest that was free, which is what the native
 * call would have returned. Until then it is close-on-exec, whatever is wished: a program that
 * another thread starts meanwhile must not inherit it twice.
 */
static int create_in_place(int* device, void* arg) {
  const struct wish* wish = arg;
  int instance = create(*device, wish);
  struct xpoll_features features;
  int ret, saved_errno;

  if (instance < 0) return -1;
  xpoll_features_of(*device, &features); /* before the instance is used */
  ret = dup3(instance, *device, wish->flags & EPOLL_CLOEXEC);
  saved_errno = errno;
  if (ret >= 0) *device = -1;
  close(instance);
  errno = saved_errno;
  return ret;
}

/* As create_in_place(), unless epoll_create1(2) is the way. Which it is, is known from then on. */
static int create_or_learn(int* device, void* arg) {
  struct wish* wish = arg;
  struct xpoll_process ask = {.mode = XPOLL_PROCESS_ASK};

  if (!wish->group.number && xpoll_ioctl(*device, XPOLL_IOC_PROCESS, &ask) == 1) {
    xpoll_set_hint(&xpoll_process_hint, true);
    wish->by_call = true;
    return -1;
  }
  return create_in_place(device, arg);
}

/* An instance by epoll_create1(2), or -1 if this process is not to get one so. */
static int create_by_call(int flags) {
  int fd = (int)xpoll_system_call(SYS_epoll_create1, flags | EPOLL_CLOEXEC, 0, 0, 0, 0, 0);

  if (fd < 0) return xpoll_with_errno(fd);
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

static int create_either_way(int flags, struct xpoll_group group) {
  struct wish wish = {.flags = flags, .group = group};
  int fd, by_call, saved_errno;

  /* Before the device is opened: the answer must not depend on there being one. */
  if (flags & ~(EPOLL_CLOEXEC | XPOLL_CREATE_CLOSE_REMOVES)) {
    errno = EINVAL;
    return -1;
  }
  /* epoll_create1(2) takes no such flag */
  if (flags & XPOLL_CREATE_CLOSE_REMOVES) return xpoll_with_device(create_in_place, &wish);
  if (!group.number && xpoll_hint(&xpoll_process_hint)) {
    fd = create_by_call(flags);
    if (fd >= 0) return fd;
  }
  fd = xpoll_with_device(create_or_learn, &wish);
  if (fd >= 0 || group.number) return fd;
  /* Without the device too, a process that is opted in can create an instance. */
  saved_errno = errno;
  by_call = create_by_call(flags);
  if (by_call >= 0 || xpoll_hint(&xpoll_process_hint)) return by_call;
  errno = saved_errno;
  /* The device told to create so, but another thread has opted out since. */
  return wish.by_call ? xpoll_with_device(create_in_place, &wish) : -1;
}

int xpoll_create_in_group(int flags, struct xpoll_group group) {
  const int errno_before = errno;
  const int fd = create_either_way(flags, group);

  /* One way may have failed before the other succeeded. */
  if (fd >= 0) errno = errno_before;
  return fd;
}

int xpoll_create1(int flags) { return xpoll_create_in_group(flags, (struct xpoll_group){0}); }

int xpoll_create_with_ring(int flags, uint32_t slots) {
  struct wish wish = {.flags = flags, .slots = slots};

  if ((flags & ~EPOLL_CLOEXEC) || !slots) {
    errno = EINVAL;
    return -1;
  }
  return xpoll_with_device(create_in_place, &wish);
}
