/* SPDX-License-Identifier: MIT */
/*
 * System calls without the C library, whose syscall() and epoll calls this library stands in
 * front of. Looking those up with dlsym() would not be safe where we must be: before constructors
 * have run, and in signal handlers.
 */
#ifndef XPOLL_PRELOAD_SYSTEM_CALL_H
#define XPOLL_PRELOAD_SYSTEM_CALL_H

/* Returns as the kernel does: errors are -4095 to -1. */
static inline long system_call(long number, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  long ret;

  __asm__ volatile("syscall"
                   : "=a"(ret)
                   : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return ret;
}

/* Sets errno; returns -1. */
long system_call_failed(long error);

/* As the C library returns it. */
static inline long with_errno(long ret) {
  return (unsigned long)ret <= -4096UL ? ret : system_call_failed(ret);
}

#endif /* XPOLL_PRELOAD_SYSTEM_CALL_H */
