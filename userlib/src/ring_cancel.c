/* SPDX-License-Identifier: MIT */
#include "instance.h"

/*
 * A thread that is cancelled just as it returns from a wait for a ring has used up a wake-up and
 * leaves the event in the ring, while others sleep on. The kernel puts an event that it can't store
 * back into the ring, and wakes a thread.
 */
static void pass_wake_up_on(void* epfd) {
  static const struct epoll_event not_writable;
  struct xpoll_enter enter = {.events = (uintptr_t)&not_writable, .maxevents = 1};

  xpoll_ioctl((int)(intptr_t)epfd, XPOLL_IOC_ENTER, &enter);
}

int xpoll_enter_ring(int epfd, struct xpoll_enter* enter) {
  int ret;

  pthread_cleanup_push(pass_wake_up_on, (void*)(intptr_t)epfd);
  ret = xpoll_enter_cancellably(epfd, enter);
  pthread_cleanup_pop(0);
  return ret;
}
