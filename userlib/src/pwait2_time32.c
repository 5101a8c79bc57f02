/* SPDX-License-Identifier: MIT */
/*
 * xpoll_pwait2() for 32-bit programs whose time_t has 32 bits. The library itself
 * is built with 64-bit time, so <xpoll/xpoll.h> gave the plain name away.
 */
#include <xpoll/xpoll.h>

#if __TIMESIZE == 32

struct timespec32 {
  int32_t tv_sec;
  int32_t tv_nsec;
};

int xpoll_pwait2_time32(int epfd, struct epoll_event* events, int maxevents,
                        const struct timespec32* timeout,
                        const sigset_t* sigmask) __asm__("xpoll_pwait2");

int xpoll_pwait2_time32(int epfd, struct epoll_event* events, int maxevents,
                        const struct timespec32* timeout, const sigset_t* sigmask) {
  struct timespec wide;

  if (!timeout) return xpoll_pwait2(epfd, events, maxevents, NULL, sigmask);
  wide = (struct timespec){.tv_sec = timeout->tv_sec, .tv_nsec = timeout->tv_nsec};
  return xpoll_pwait2(epfd, events, maxevents, &wide, sigmask);
}

#endif
