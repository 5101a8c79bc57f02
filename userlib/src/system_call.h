/* SPDX-License-Identifier: MIT */
/*
 * System calls, returning an error as the kernel does, negated, and leaving errno alone. On x86-64
 * and arm64 they go around the C library's functions: with variable arguments, and with errno to
 * save and put back, 60 of a wait's 1,110 instructions were spent there. The preload library stands
 * in front of the C library's, and may not look those up: it is used before constructors have run,
 * and in signal handlers.
 */
#ifndef XPOLL_SYSTEM_CALL_H
#define XPOLL_SYSTEM_CALL_H

#include <errno.h>
#include <sys/syscall.h>

#if defined(__x86_64__) && !defined(__ILP32__)

static inline long xpoll_system_call(long number, long a, long b, long c, long d, long e, long f) {
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

/* ioctl(2), without the instructions for more arguments. */
static inline int xpoll_ioctl(int fd, unsigned long command, void* arg) {
  long ret;

  __asm__ volatile("syscall"
                   : "=a"(ret)
                   : "0"((long)SYS_ioctl), "D"((long)fd), "S"(command), "d"(arg)
                   : "rcx", "r11", "memory");
  return (int)ret;
}

#elif defined(__aarch64__) && !defined(__ILP32__)

static inline long xpoll_system_call(long number, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;

  __asm__ volatile("svc #0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                   : "memory");
  return x0;
}

/* ioctl(2), without the instructions for more arguments. */
static inline int xpoll_ioctl(int fd, unsigned long command, void* arg) {
  register long x8 __asm__("x8") = SYS_ioctl;
  register long x0 __asm__("x0") = fd;
  register unsigned long x1 __asm__("x1") = command;
  register void* x2 __asm__("x2") = arg;

  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return (int)x0;
}

#else

#include <unistd.h>

static inline long xpoll_system_call(long number, long a, long b, long c, long d, long e, long f) {
  int errno_before = errno;
  long ret = syscall(number, a, b, c, d, e, f);

  if (ret < 0) {
    ret = -errno;
    errno = errno_before;
  }
  return ret;
}

static inline int xpoll_ioctl(int fd, unsigned long command, void* arg) {
  return (int)xpoll_system_call(SYS_ioctl, fd, (long)command, (long)arg, 0, 0, 0);
}

#endif

/* As the C library returns it. */
static inline long xpoll_with_errno(long ret) {
  if (__builtin_expect(ret >= 0, 1)) return ret;
  errno = (int)-ret;
  return -1;
}

#endif /* XPOLL_SYSTEM_CALL_H */
