/* SPDX-License-Identifier: MIT */
/*
 * Which of two ways to try first. Nobody tells a process that the module was loaded anew, that
 * another process had its hooks attached, or that this one was opted in; and a descriptor may come
 * from anywhere. So these are hints: a call that took the wrong way first finds that out from the
 * kernel, takes the other way, and returns the same. Any thread may read and write them at any
 * time.
 */
#ifndef XPOLL_HINTS_H
#define XPOLL_HINTS_H

#include <stdatomic.h>
#include <stdbool.h>

#define XPOLL_LOCAL __attribute__((visibility("hidden")))

/* An instance takes epoll's own system calls. At first true: a native instance does. */
extern XPOLL_LOCAL atomic_bool xpoll_calls_hint;
/* epoll_create1(2) makes an instance in this process. At first false: the device can tell. */
extern XPOLL_LOCAL atomic_bool xpoll_process_hint;

static inline bool xpoll_hint(const atomic_bool* hint) {
  return atomic_load_explicit(hint, memory_order_relaxed);
}

/* Not written without need: other threads read it in each call. */
static inline void xpoll_set_hint(atomic_bool* hint, bool value) {
  if (xpoll_hint(hint) != value) atomic_store_explicit(hint, value, memory_order_relaxed);
}

#endif /* XPOLL_HINTS_H */
