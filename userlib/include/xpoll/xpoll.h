/* SPDX-License-Identifier: MIT */
/*
 * libxpoll: epoll's calls over /dev/xpoll.
 *
 * Every function takes the arguments of its namesake in <sys/epoll.h>, returns
 * the same values and sets errno in the same way. xpoll_create1() creates an
 * instance of xpoll. The other functions accept any descriptor. They make epoll's
 * own system call, which an instance takes if the module has
 * XPOLL_FEATURE_EPOLL_CALLS, or the ioctl(2) of <linux/xpoll.h>; if the kernel's
 * answer may mean that the descriptor does not know the one, they make the other
 * with the same arguments. For foreign descriptors errno is therefore the native
 * call's, and a program can fall back to native epoll like this:
 *
 *   int epfd = xpoll_create1(EPOLL_CLOEXEC);
 *   if (epfd < 0)
 *     epfd = epoll_create1(EPOLL_CLOEXEC);
 *
 * The functions remember which of the two worked, so a call costs a second one
 * only if it is the first of its kind, or if it fails. But a process that has used
 * an instance that takes no system calls makes two on each native descriptor. A
 * program that measures native epoll should call it directly.
 *
 * Threads: every function may be called from any number of threads at once, on
 * the same descriptor too.
 *
 * Signals: all functions but xpoll_create1(), xpoll_features() and
 * xpoll_process() may be called in a signal handler. They take no lock in user
 * space.
 *
 * Cancellation: the waits are cancellation points of pthread_cancel(3), as
 * epoll_wait(2) is, and so is xpoll_enter() if maxevents is not 0 or flags has XPOLL_ENTER_RING;
 * the other functions are not. A wait that is cancelled just as it returns loses its events. To
 * stop a thread without losing events, let it watch an eventfd, or send it a signal that
 * xpoll_pwait() unblocks.
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
 * Creates an instance. flags is 0 or has EPOLL_CLOEXEC and XPOLL_CREATE_CLOSE_REMOVES:
 * each watch that is added ends when its descriptor is closed, even if the open file has
 * others and stays open; see XPOLL_CHANGE_CLOSE in <linux/xpoll.h>. In a process that has
 * opted in (xpoll_process()) the function calls epoll_create1(2) if the second flag is not
 * given. Otherwise it opens /dev/xpoll and closes it before it returns; then the errors
 * about the device are possible, and the call needs two descriptors for a moment.
 *
 * Returns the descriptor, which has the lowest free number. Close it with close(2).
 *
 * EINVAL  unknown flag; checked before the device is opened. Or the module is without
 *         XPOLL_FEATURE_CLOSE_REMOVES
 * EOPNOTSUPP  XPOLL_CREATE_CLOSE_REMOVES: the kernel's function that each close calls can't
 *         be hooked; the kernel's log says why
 * ENOENT  no /dev/xpoll: the module is not loaded
 * ENODEV, ENXIO  /dev/xpoll exists, but the module is not loaded
 * EACCES  no permission to open /dev/xpoll
 * ENOTTY  /dev/xpoll is not the module's device
 * EMFILE  the process has too many open descriptors
 * ENFILE  the system has too many files open
 * ENOMEM  no memory
 */
int xpoll_create1(int flags) __THROW;

/*
 * Stores the features and limits of the module: see struct xpoll_features in
 * <linux/xpoll.h>. Fails as xpoll_create1() does, except for EINVAL, and with
 * EFAULT if *features can't be written.
 */
int xpoll_features(struct xpoll_features* features) __THROW;

/*
 * Says what epoll_create(2) and epoll_create1(2) create in this process, whoever
 * calls them: with XPOLL_PROCESS_XPOLL instances of xpoll, with
 * XPOLL_PROCESS_NATIVE, as at first, native ones. XPOLL_PROCESS_ASK changes
 * nothing. All threads of the process are affected, and the processes that they
 * fork and the programs that they execute from then on, except for programs that
 * gain privilege by their execution. Instances that exist stay what they are.
 *
 * Programs need no library then: they reach an instance by epoll's own system
 * calls, in any language and linked in any way, and by io_uring's
 * IORING_OP_EPOLL_CTL and IORING_OP_EPOLL_WAIT.
 *
 * Returns 1 if XPOLL_PROCESS_XPOLL was set before the call, otherwise 0.
 *
 * EINVAL      unknown mode
 * EOPNOTSUPP  XPOLL_PROCESS_XPOLL: instances can't take epoll's system calls, because
 *             the kernel can't be hooked or the module's parameter epoll_calls forbids
 *             it; the kernel's log says why. If another user occupied a function, a
 *             call 10 seconds after the attempt that failed tries again
 * EINTR       a fatal signal came meanwhile
 * ENOTTY      the module is too old for the call, or /dev/xpoll is not the module's
 * ENOENT, ENODEV, ENXIO, EACCES, EMFILE, ENFILE, ENOMEM  as xpoll_create1()
 */
int xpoll_process(uint32_t mode) __THROW;

/*
 * Adds (EPOLL_CTL_ADD), changes (EPOLL_CTL_MOD) or removes (EPOLL_CTL_DEL) the
 * watch of fd in epfd. EPOLL_CTL_DEL ignores event. The watch holds no reference to
 * the open file: closing its last descriptor removes the watch, and a socket sends
 * its FIN.
 *
 * Returns 0. If several errors apply, the first in this list is reported, as by
 * epoll_ctl(2):
 *
 * EFAULT  *event can't be read (any op but EPOLL_CTL_DEL)
 * EBADF   epfd or fd is not open
 * EPERM   fd does not support polling (a regular file, a directory)
 * EINVAL  fd is epfd itself; fd is an instance of native epoll and epfd is one of
 *         xpoll; epfd is an instance of neither
 * EINVAL  EPOLLEXCLUSIVE with EPOLL_CTL_MOD, on an instance, or with bits other
 *         than EPOLLIN, -OUT, -ERR, -HUP, -WAKEUP and -ET
 * ELOOP   a cycle of instances, or a chain of more than
 *         xpoll_features.max_nests links
 * EEXIST  EPOLL_CTL_ADD of a watched descriptor
 * ENOENT  EPOLL_CTL_MOD or EPOLL_CTL_DEL of a descriptor that is not watched
 * EINVAL  EPOLL_CTL_MOD of an EPOLLEXCLUSIVE watch; unknown op
 * ENOSPC  the user has xpoll_features.max_user_watches watches already; or no slot of the
 *         ready ring is free; or epfd has XPOLL_CREATE_CLOSE_REMOVES, and the file has 256
 *         such watches in this process
 * ENOMEM  no memory
 * EBADF   epfd has XPOLL_CREATE_CLOSE_REMOVES, and another thread closed fd meanwhile
 * EINVAL  too many wake-up paths lead through nested instances from one file; or from one
 *         instance that has a ready ring, or has had xpoll_post() or a watch with
 *         XPOLL_CHANGE_REMOVED
 */
int xpoll_ctl(int epfd, int op, int fd, struct epoll_event* event) __THROW;

/*
 * Waits until at least one watched descriptor is ready, and stores up to
 * maxevents events. timeout_ms is in milliseconds. If it is negative, the call waits
 * without limit; if it is 0, the call does not wait.
 *
 * Returns the number of events stored, or 0 if the timeout expired.
 *
 * EINVAL  maxevents is not between 1 and xpoll_features.max_events; epfd is an
 *         instance of neither kind
 * EFAULT  events can't be written; no event is lost
 * EBADF   epfd is not open
 * EINTR   a signal was handled before an event came and before the timeout
 *         expired; never restarted, even with SA_RESTART
 */
int xpoll_wait(int epfd, struct epoll_event* events, int maxevents, int timeout_ms);

/*
 * xpoll_wait() with *sigmask as the thread's signal mask while it waits. The mask is
 * set and restored atomically, as by epoll_pwait(2). NULL leaves the mask alone.
 *
 * Errors: those of xpoll_wait(), and EFAULT if *sigmask can't be read.
 */
int xpoll_pwait(int epfd, struct epoll_event* events, int maxevents, int timeout_ms,
                const sigset_t* sigmask);

/*
 * xpoll_pwait() with a timeout in seconds and nanoseconds. If timeout is NULL, the
 * call waits without limit; if it points to {0, 0}, the call does not wait. A timeout
 * of more than 292 years is shortened to that.
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
 * xpoll_pwait() with a timeout in nanoseconds, relative or absolute; native epoll
 * has no such call. If flags is 0, timeout_ns is a relative timeout. If flags is
 * XPOLL_WAIT_ABSTIME, it is an absolute time of CLOCK_MONOTONIC in the caller's time
 * namespace; if that is past, the call does not wait. If timeout_ns is negative, the
 * call waits without limit.
 *
 * On a native instance this calls epoll_pwait2(2) with the remaining time.
 *
 * Errors: those of xpoll_pwait(), and EINVAL for an unknown flag.
 */
int xpoll_pwait_ns(int epfd, struct epoll_event* events, int maxevents, int64_t timeout_ns,
                   unsigned int flags, const sigset_t* sigmask);

/*
 * Makes changes and then waits, in one call; native epoll has no such call. struct xpoll_enter and
 * XPOLL_IOC_ENTER in <linux/xpoll.h> say what the fields mean and what each change's result can be.
 * The function sets sigsetsize, so sigmask may be the address of a sigset_t.
 *
 *   struct xpoll_change changes[] = {
 *     {.op = EPOLL_CTL_MOD, .fd = fd, .events = EPOLLIN | EPOLLONESHOT, .data = fd}};
 *   struct xpoll_enter enter = {.changes = (uintptr_t)changes, .nchanges = 1,
 *                               .events = (uintptr_t)events, .maxevents = 16, .timeout_ns = -1};
 *   int count = xpoll_enter(epfd, &enter);
 *
 * On an instance of native epoll, or of a module without XPOLL_FEATURE_ENTER, the function makes a
 * call for each change and another one for the wait. There one event ends the wait, whatever
 * minevents is, worker has no effect on native epoll, and changes that can't be accessed raise
 * SIGSEGV.
 *
 * With XPOLL_ENTER_EXTENDED in flags, events is the address of an array of struct xpoll_event,
 * whose events tell more: bytes, times, cookies. Native epoll and a module without
 * XPOLL_FEATURE_EXTENDED do not know the flag.
 *
 * The function and the kernel write to *enter during the call, so no two threads may pass the same
 * structure at once.
 *
 * Returns the number of events, or 0 if the timeout expired or there was no wait. enter->done,
 * enter->failed and each change's result say what became of the changes, after EINTR too, and after
 * the wait was cancelled if enter->done was 0 before.
 *
 * EINVAL  unknown flag, or one that native epoll or the module does not know; reserved fields, or
 *         without XPOLL_ENTER_EXTENDED batch, that are not zero; a number that is out of range;
 *         XPOLL_ENTER_RING on an instance without a ring or with maxevents, XPOLL_ENTER_EXTENDED on
 *         one with a ring; XPOLL_ENTER_RESTART with changes, min_wait_ns or a relative timeout
 * EFAULT  memory that can't be accessed; no event is lost
 * EBADF   epfd is not open
 * EINTR   a signal was handled before an event came and before the timeout expired
 */
int xpoll_enter(int epfd, struct xpoll_enter* enter);

/*
 * Makes one change, as xpoll_enter() would, and returns its result. Unlike xpoll_ctl() it takes
 * XPOLL_CTL_UPSERT and the flags XPOLL_CHANGE_* of <linux/xpoll.h>. With EPOLL_CTL_ADD and
 * XPOLL_CHANGE_COOKIE it replaces change->data by the cookie of the watch. Native epoll has no such
 * call.
 *
 * Returns 0; on an instance with a ready ring, for EPOLL_CTL_ADD and XPOLL_CTL_UPSERT, the slot of
 * the watch, which is 1 or more. On an instance of native epoll, or of a module without
 * XPOLL_FEATURE_COOKIE, the function calls xpoll_ctl(), and flags fail with EINVAL.
 *
 * EFAULT  *change can't be read; or the cookie can't be stored, and then the watch was added
 * EINVAL  unknown flag, or one that is not for this op
 * ENOENT  XPOLL_CHANGE_COOKIE: the watch has ended
 * ENOSPC  XPOLL_CHANGE_COOKIE: the instance has 2^26 watches with cookies; XPOLL_CHANGE_CLOSE: the
 *         file has 256 such watches in this process
 * EOPNOTSUPP  XPOLL_CHANGE_CLOSE: as XPOLL_CREATE_CLOSE_REMOVES for xpoll_create1()
 * EBADF   XPOLL_CHANGE_CLOSE: another thread closed the descriptor meanwhile
 * EBADF, EPERM, EINVAL, ELOOP, EEXIST, ENOENT, ENOSPC, ENOMEM  as xpoll_ctl()
 */
int xpoll_ctl_change(int epfd, struct xpoll_change* change) __THROW;

/*
 * Has the change, EPOLL_CTL_MOD or EPOLL_CTL_DEL, name its watch by this cookie. Adds a flag to
 * those that the caller has set, and sets fd and result.
 */
static inline void xpoll_change_by_cookie(struct xpoll_change* change, uint64_t cookie) {
  change->flags |= XPOLL_CHANGE_COOKIE;
  change->fd = (int32_t)(uint32_t)cookie;
  change->result = (int32_t)(uint32_t)(cookie >> 32);
}

/*
 * Makes an event of the instance's own pending, which has EPOLLIN and this data, and wakes one
 * waiter. One wait delivers the event. If it has not been delivered yet, the call replaces its
 * data. So the instance keeps one event, and only the last data.
 *
 * Returns 0.
 *
 * EBADF           epfd is not open
 * ENOTTY, EINVAL  epfd is no instance of xpoll, or one of a module without XPOLL_FEATURE_POST
 * ENOMEM          no memory, which only the first call on an instance needs
 * EINVAL          the first call on an instance: too many wake-up paths lead from it through
 *                 instances that watch it, see xpoll_post(3)
 */
int xpoll_post(int epfd, uint64_t data) __THROW;

#ifdef __cplusplus
}
#endif

#endif /* XPOLL_XPOLL_H */
