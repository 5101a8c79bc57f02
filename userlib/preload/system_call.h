/* SPDX-License-Identifier: MIT */
#ifndef XPOLL_PRELOAD_SYSTEM_CALL_H
#define XPOLL_PRELOAD_SYSTEM_CALL_H

#include "../src/system_call.h"

/* Sets errno; returns -1. */
long system_call_failed(long error);

/* As the C library returns it; errors are -4095 to -1. */
static inline long with_errno(long ret) {
  return (unsigned long)ret <= -4096UL ? ret : system_call_failed(ret);
}

#endif /* XPOLL_PRELOAD_SYSTEM_CALL_H */
