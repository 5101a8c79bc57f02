/* SPDX-License-Identifier: MIT */
/*
 * What makes a system call a cancellation point: cancellation is asynchronous while the call is
 * made. The C library (2.36) makes its own so, and like it we lose what a call had just done when
 * the thread is cancelled between the kernel and here.
 */
#ifndef XPOLL_CANCEL_H
#define XPOLL_CANCEL_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/single_threaded.h>

/* Nobody can cancel the only thread, save itself beforehand: that waits for another point. */
static inline bool xpoll_cancel_is_possible(void) { return !__libc_single_threaded; }

static inline int xpoll_cancel_begin(void) {
  int type;

  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &type);
  return type;
}

static inline void xpoll_cancel_end(int type) { pthread_setcanceltype(type, &type); }

#endif /* XPOLL_CANCEL_H */
