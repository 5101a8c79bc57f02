/* SPDX-License-Identifier: MIT */
/*
 * Timeouts: milliseconds, timespec and the ABI's nanoseconds (negative: no limit).
 */
#ifndef XPOLL_TIMEOUT_H
#define XPOLL_TIMEOUT_H

#include <stdint.h>
#include <time.h>

#define XPOLL_NS_PER_MS INT64_C(1000000)
#define XPOLL_NS_PER_SEC INT64_C(1000000000)
#define XPOLL_NO_LIMIT INT64_C(-1)

static inline int64_t xpoll_ns_from_ms(int ms) {
  return ms < 0 ? XPOLL_NO_LIMIT : ms * XPOLL_NS_PER_MS;
}

/* The reverse. */
static inline int xpoll_ms_from_ns(int64_t ns) { return ns < 0 ? -1 : (int)(ns / XPOLL_NS_PER_MS); }

/* Saturates at 292 years, as the kernel's clocks do. */
static inline int64_t xpoll_ns_from_timespec(int64_t sec, int64_t nsec) {
  int64_t ns;

  if (__builtin_mul_overflow(sec, XPOLL_NS_PER_SEC, &ns) || __builtin_add_overflow(ns, nsec, &ns))
    return INT64_MAX;
  return ns;
}

/* What remains at now until deadline; neither is negative. */
static inline int64_t xpoll_ns_remaining(int64_t deadline, int64_t now) {
  return deadline > now ? deadline - now : 0;
}

/* Of a time that is not negative. */
static inline struct timespec xpoll_timespec_from_ns(int64_t ns) {
  struct timespec ts = {0, 0};

  ts.tv_sec = (time_t)(ns / XPOLL_NS_PER_SEC);
  ts.tv_nsec = (long)(ns % XPOLL_NS_PER_SEC);
  return ts;
}

#endif /* XPOLL_TIMEOUT_H */
