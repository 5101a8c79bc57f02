/* SPDX-License-Identifier: MIT */
/*
 * libxpoll: epoll's calls over /dev/xpoll.
 *
 * Every function takes and returns what its namesake in <sys/epoll.h> does,
 * and sets errno as that does. xpoll_create1() makes an instance of xpoll;
 * the others accept any descriptor: where the kernel's answer may mean that it is
 * no xpoll instance (ENOTTY, EINVAL and all that only other files answer), they
 * make the native call with the same arguments. So errno for foreign descriptors
 * is the kernel's own, and a program runs on native epoll by nothing more than
 *
 *   int epfd = xpoll_create1(EPOLL_CLOEXEC);
 *   if (epfd < 0)
 *     epfd = epoll_create1(EPOLL_CLOEXEC);
 *
 * A native descriptor pays one more system call each time: a program that
 * wants to measure native epoll should call it.
 *
 * Threads: every function may be called from any number of threads at once, on
 * the same descriptor too.
 *
 * Signals: all but xpoll_create1() and xpoll_features() are safe in a signal
 * handler; they keep no state and take no lock in user space.
 *
 * Cancellation: the waits are cancellation points of pthread_cancel(3), as
 * epoll_wait(2) is. Events that a cancelled wait had just taken are lost: a
 * program that minds stops its waiting threads by an eventfd that they watch, or
 * by a signal that xpoll_pwait() unblocks. No other function is one.
 *
 * Errors: a function that fails returns -1 and sets errno. One that succeeds
 * leaves errno alone.
 */
#ifndef XPOLL_XPOLL_H
#define XPOLL_XPOLL_H

#include <linux/xpoll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Creates an instance. flags is 0 or EPOLL_CLOEXEC. Opens /dev/xpoll for the
 * duration of the call only.
 *
 * Returns the descriptor, the lowest that was free, to be closed with close(2).
 *
 * EINVAL  unknown flag; said whether there is a device or not
 * ENOENT  no /dev/xpoll: the module is not loaded
 * ENODEV, ENXIO  /dev/xpoll is there, but no module behind it
 * EACCES  no permission to open /dev/xpoll
 * ENOTTY  /dev/xpoll is not what it should be
 * EMFILE  the process has too many descriptors open; two are needed for a moment
 * ENFILE  the system has too many files open
 * ENOMEM  no memory
 */
int xpoll_create1(int flags);

/*
 * Says what the module can do and what its limits are: see struct xpoll_features
 * in <linux/xpoll.h>. Fails as xpoll_create1() does, save for EINVAL, and with
 * EFAULT if *features can't be written.
 */
int xpoll_features(struct xpoll_features* features);

/*
 * Adds (EPOLL_CTL_ADD), changes (EPOLL_CTL_MOD) or removes (EPOLL_CTL_DEL) the
 * watch of fd in epfd. event is not looked at by EPOLL_CTL_DEL. The watch holds
 * no reference to the open file: closing its last descriptor removes the watch,
 * and a socket sends its FIN.
 *
 * Returns 0. The first of these that holds, as in epoll_ctl(2):
 *
 * EFAULT  *event can't be read (any op but EPOLL_CTL_DEL)
 * EBADF   epfd or fd is not open
 * EPERM   fd can't be polled (a regular file, a directory)
 * EINVAL  fd is epfd itself, or a native epoll instance while epfd is one of
 *         xpoll; epfd is no instance of either
 * EINVAL  EPOLLEXCLUSIVE with EPOLL_CTL_MOD, on an instance, or with bits other
 *         than EPOLLIN, -OUT, -ERR, -HUP, -WAKEUP and -ET
 * ELOOP   a cycle of instances, or a chain of more than
 *         xpoll_features.max_nests links
 * EEXIST  EPOLL_CTL_ADD of a descriptor that is watched
 * ENOENT  EPOLL_CTL_MOD or _DEL of one that is not
 * EINVAL  EPOLL_CTL_MOD of an EPOLLEXCLUSIVE watch; unknown op
 * ENOSPC  the user's watches are used up (xpoll_features.max_user_watches)
 * ENOMEM  no memory
 * EINVAL  too many wake-up paths through nested instances
 */
int xpoll_ctl(int epfd, int op, int fd, struct epoll_event* event);

/*
 * Waits until at least one watched descriptor is ready, and stores up to
 * maxevents events. timeout_ms is in milliseconds: -1 (or any negative value)
 * waits without limit, 0 does not wait.
 *
 * Returns the number of events stored; 0 if the time is over.
 *
 * EINVAL  maxevents is not between 1 and xpoll_features.max_events; epfd is no
 *         instance of either kind
 * EFAULT  events can't be written; no event is lost
 * EBADF   epfd is not open
 * EINTR   a signal was handled before any event came and before the time was
 *         over; never restarted, even with SA_RESTART
 */
int xpoll_wait(int epfd, struct epoll_event* events, int maxevents, int timeout_ms);

/*
 * xpoll_wait() with *sigmask as the thread's signal mask while it waits, put in
 * place and taken back atomically. NULL leaves the mask alone.
 *
 * Errors: those of xpoll_wait(), and EFAULT if *sigmask can't be read.
 */
int xpoll_pwait(int epfd, struct epoll_event* events, int maxevents, int timeout_ms,
                const sigset_t* sigmask);

/*
 * xpoll_pwait() with a timeout in seconds and nanoseconds: NULL waits without
 * limit, {0, 0} does not wait, and what exceeds 292 years counts as that.
 *
 * Errors: those of xpoll_pwait(), and before all of them EFAULT if *timeout
 * can't be read, and EINVAL if tv_sec is negative or tv_nsec is not between 0 and
 * 999,999,999.
 */
#if __TIMESIZE == 32 && defined(_TIME_BITS) && _TIME_BITS == 64
int xpoll_pwait2(int epfd, struct epoll_event* events, int maxevents,
                 const struct timespec* timeout,
                 const sigset_t* sigmask) __asm__("xpoll_pwait2_time64");
#else
int xpoll_pwait2(int epfd, struct epoll_event* events, int maxevents,
                 const struct timespec* timeout, const sigset_t* sigmask);
#endif

/*
 * xpoll_pwait() in nanoseconds, and with a fixed end if wanted; native epoll has
 * nothing like it. With flags 0, timeout_ns is the longest time to wait; with
 * XPOLL_WAIT_ABSTIME it is the time of CLOCK_MONOTONIC, as the caller's time
 * namespace has it, at which to give up, which may be past. Negative waits without
 * limit, with either.
 *
 * On a native instance this is epoll_pwait2(2), given the time that remains.
 *
 * Errors: those of xpoll_pwait(), and EINVAL for an unknown flag.
 */
int xpoll_pwait_ns(int epfd, struct epoll_event* events, int maxevents, int64_t timeout_ns,
                   unsigned int flags, const sigset_t* sigmask);

#ifdef __cplusplus
}
#endif

#endif /* XPOLL_XPOLL_H */
