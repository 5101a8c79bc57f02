/* SPDX-License-Identifier: MIT */
/*
 * A ring's IORING_OP_EPOLL_CTL knows native instances only: on one of xpoll's it fails with EINVAL.
 * libuv has sent its changes that way since 1.45, and aborts then. So syscall() answers as a kernel
 * without io_uring does, for which such programs have another way.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "../src/system_call.h"
#include "settings.h"

long io_uring_setup_system_call(long entries, long params);

#define DIGITS 5

/* An abstract name: a zero comes first. */
static void connect_to(int socket, uint32_t name) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};

  for (int place = DIGITS; place > 0; --place, name >>= 4)
    address.sun_path[place] = "0123456789abcdef"[name & 0xf];
  xpoll_system_call(SYS_connect, socket, (intptr_t)&address,
                    offsetof(struct sockaddr_un, sun_path) + 1 + DIGITS, 0, 0, 0);
}

/* Tells xpoll-run, which counts connections. Whether it can be told changes nothing. */
static void tell_of_refusal(uint32_t name) {
  const int type = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
  long socket = xpoll_system_call(SYS_socket, AF_UNIX, type, 0, 0, 0, 0);

  if (socket < 0) return;
  connect_to((int)socket, name);
  xpoll_system_call(SYS_close, socket, 0, 0, 0, 0, 0);
}

static long refuse(uint32_t ring_refusals) {
  if (ring_refusals & RING_REFUSALS_KNOWN) tell_of_refusal(ring_refusals);
  return xpoll_with_errno(-ENOSYS);
}

/* What syscall() does for io_uring_setup; called from syscall.S. */
long io_uring_setup_system_call(long entries, long params) {
  struct settings settings = settings_get();

  if (!settings.io_uring) return refuse(settings.ring_refusals);
  return xpoll_with_errno(xpoll_system_call(SYS_io_uring_setup, entries, params, 0, 0, 0, 0));
}
