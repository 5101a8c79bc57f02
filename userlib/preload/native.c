/* SPDX-License-Identifier: MIT */
#include "../src/native.h"

#include <stdint.h>
#include <sys/syscall.h>

#include "../src/cancel.h"
#include "system_call.h"

#define KERNEL_SIGSET_SIZE (_NSIG / 8)

int xpoll_native_ctl(int epfd, int op, int fd, struct epoll_event* event) {
  return (int)with_errno(system_call(SYS_epoll_ctl, epfd, op, fd, (intptr_t)event, 0, 0));
}

static int cancellable_wait(long number, int epfd, struct epoll_event* events, int maxevents,
                            intptr_t timeout, const sigset_t* sigmask) {
  bool cancellable = xpoll_cancel_is_possible();
  int type = cancellable ? xpoll_cancel_begin() : 0;
  long ret = system_call(number, epfd, (intptr_t)events, maxevents, timeout, (intptr_t)sigmask,
                         KERNEL_SIGSET_SIZE);

  if (cancellable) xpoll_cancel_end(type);
  return (int)with_errno(ret);
}

int xpoll_native_pwait(int epfd, struct epoll_event* events, int maxevents, int timeout_ms,
                       const sigset_t* sigmask) {
  return cancellable_wait(SYS_epoll_pwait, epfd, events, maxevents, timeout_ms, sigmask);
}

int xpoll_native_pwait2(int epfd, struct epoll_event* events, int maxevents,
                        const struct timespec* timeout, const sigset_t* sigmask) {
  return cancellable_wait(SYS_epoll_pwait2, epfd, events, maxevents, (intptr_t)timeout, sigmask);
}
