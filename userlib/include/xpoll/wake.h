/* SPDX-License-Identifier: MIT */
/*
 * Who is woken: groups of instances, wake policies and the table of workers. Native epoll has no
 * such calls, so these do not fall back, except for xpoll_pwait_worker().
 *
 * A server whose workers share one instance gives the policy to the instance, and each worker
 * passes its number to xpoll_pwait_worker(). A server whose workers have an instance each gives
 * it to a group, before it forks:
 *
 *   const struct xpoll_wake wake = {.policy = XPOLL_WAKE_LEAST_LOADED};
 *   int group = xpoll_group_create(EPOLL_CLOEXEC);
 *   xpoll_wake(group, &wake);
 *   struct xpoll_worker* workers = xpoll_workers_map(group);
 *
 * and each worker n, counted from 1, makes its instance in it:
 *
 *   int epfd = xpoll_create_in(group, EPOLL_CLOEXEC);
 *   xpoll_set_worker(epfd, n);
 *   xpoll_ctl(epfd, EPOLL_CTL_ADD, listener, &exclusive);     // EPOLLIN | EPOLLEXCLUSIVE
 *   for (;;) {
 *     xpoll_worker_beat(&workers[n - 1]);
 *     xpoll_worker_load(&workers[n - 1], connections);
 *     count = xpoll_wait(epfd, ...);
 *
 * Threads, cancellation and errors: as <xpoll/xpoll.h> says; xpoll_pwait_worker() is a wait.
 *
 * Signals: all functions but xpoll_group_create() and xpoll_process_in() may be called in a signal
 * handler.
 *
 * Any call on a descriptor that is neither an instance nor a group fails with what the kernel says
 * to an unknown ioctl(2) there: ENOTTY mostly, EINVAL on native epoll since Linux 6.9, EBADF if it
 * is not open. ENOTTY also comes from a module without XPOLL_FEATURE_WAKE.
 */
#ifndef XPOLL_WAKE_H
#define XPOLL_WAKE_H

#include <linux/xpoll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Creates a group: an open file of /dev/xpoll with a number. flags is 0 or EPOLL_CLOEXEC. The group
 * takes instances until the last close of the descriptor, in all processes that inherited it; that
 * does not end the instances, nor their policy.
 *
 * Returns the descriptor, which has the lowest free number.
 *
 * EINVAL  unknown flag; checked before the device is opened
 * ENOSPC  no number is free
 * ENOENT, ENODEV, ENXIO, EACCES, ENOTTY, EMFILE, ENFILE, ENOMEM  as xpoll_create1()
 */
int xpoll_group_create(int flags) __THROW;

/*
 * Creates an instance in a group. flags is 0 or has EPOLL_CLOEXEC and XPOLL_CREATE_CLOSE_REMOVES,
 * as for xpoll_create1(). The instance takes the group's policy and table for its own waiters as
 * well.
 *
 * Returns the descriptor, which has the lowest free number.
 *
 * EINVAL  unknown flag, or the module is without XPOLL_FEATURE_CLOSE_REMOVES
 * EOPNOTSUPP, EMFILE, ENFILE, ENOMEM  as xpoll_create1()
 * ENOSPC  group is an open /dev/xpoll that has no group yet, and no number is free for it
 */
int xpoll_create_in(int group, int flags) __THROW;

/*
 * xpoll_process(XPOLL_PROCESS_XPOLL) for instances in a group: those that epoll_create(2) creates
 * in this process from now on, in processes that it forks and in programs that it executes, join
 * the group as by xpoll_create_in(), even after the last close of the group's descriptor.
 *
 * Returns 1 if XPOLL_PROCESS_XPOLL was set before the call, otherwise 0.
 *
 * EOPNOTSUPP, EINTR, ENOMEM  as xpoll_process()
 * ENOTTY  group is not the descriptor of a group, or the module is too old
 *         for the call
 */
int xpoll_process_in(int group) __THROW;

/*
 * Chooses who is woken, by struct xpoll_wake of <linux/xpoll.h>: of the waiters of an instance, or
 * of the instances of a group that watch the same file with EPOLLEXCLUSIVE. A group's policy holds
 * for watches that are added after the first call. fd is an instance or a group. A later call
 * changes the policy.
 *
 * Returns 0.
 *
 * EFAULT  *wake can't be read
 * EINVAL  unknown policy, reserved is not zero, prog_fd is not 0 without XPOLL_WAKE_BPF, or the
 *         program is not of type BPF_PROG_TYPE_RAW_TRACEPOINT
 * EPERM   XPOLL_WAKE_BPF, and the caller has neither CAP_SYS_ADMIN nor both of CAP_BPF and
 *         CAP_PERFMON
 * EBADF   XPOLL_WAKE_BPF, and prog_fd is not open
 * ENOSPC  fd is an open /dev/xpoll that has no group yet, and no number is free for it
 * ENOMEM  no memory
 */
int xpoll_wake(int fd, const struct xpoll_wake* wake) __THROW;

/*
 * Maps the table of workers of fd, an instance or a group that has a policy, for reading and
 * writing. Worker n has entry n - 1 of XPOLL_WORKERS_MAX. The mapping survives fork(2) and the
 * close of fd, and keeps fd's open file: an instance ends with the last unmapping at the earliest.
 *
 * Returns the table, or NULL with errno.
 *
 * ENODEV  fd has no policy, or is neither an instance nor a group
 * EACCES  fd is a file of another kind that is not open for reading and writing
 * ENOMEM  no memory, or too many mappings
 */
struct xpoll_worker* xpoll_workers_map(int fd) __THROW;

/*
 * Unmaps what xpoll_workers_map() returned. Given the address of another page, it unmaps that one,
 * whatever is there.
 *
 * Returns 0.
 *
 * EINVAL  workers is not the address of a page
 */
int xpoll_workers_unmap(struct xpoll_worker* workers) __THROW;

/*
 * Says which worker an instance belongs to, 1 to XPOLL_WORKERS_MAX, or 0 for none. The number
 * stands for the instance where a group chooses among its instances.
 *
 * Returns 0.
 *
 * EINVAL  worker is greater than XPOLL_WORKERS_MAX
 */
int xpoll_set_worker(int epfd, uint32_t worker) __THROW;

/*
 * xpoll_pwait_ns() by a worker, 1 to XPOLL_WORKERS_MAX, or 0 for none: the number stands for the
 * caller where the instance chooses among its waiters. On a native instance the number is ignored.
 *
 * Returns and errors: those of xpoll_pwait_ns(), and EINVAL if worker is greater than
 * XPOLL_WORKERS_MAX.
 */
int xpoll_pwait_worker(int epfd, struct epoll_event* events, int maxevents, int64_t timeout_ns,
                       unsigned int flags, const sigset_t* sigmask, uint32_t worker);

/*
 * Publishes the load of a worker, in a unit of the program's choice. One store: any number of
 * threads may call this, and the last one's value counts.
 */
static inline void xpoll_worker_load(struct xpoll_worker* worker, uint64_t load) {
  __atomic_store_n(&worker->load, load, __ATOMIC_RELAXED);
}

/*
 * Publishes a heartbeat: the worker lives now. The time is CLOCK_MONOTONIC of the caller's time
 * namespace, which must be that of the process that set the policy.
 */
static inline void xpoll_worker_beat(struct xpoll_worker* worker) {
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  __atomic_store_n(&worker->heartbeat_ns,
                   (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec,
                   __ATOMIC_RELAXED);
}

#ifdef __cplusplus
}
#endif

#endif /* XPOLL_WAKE_H */
