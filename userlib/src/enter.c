/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <xpoll/wake.h>
#include <xpoll/xpoll.h>

#include "instance.h"

#define KNOWN_FLAGS (XPOLL_ENTER_ABSTIME | XPOLL_ENTER_STOP)

/* Without a wait it is no cancellation point: nobody would learn which changes were made. */
static bool is_wait(const struct xpoll_enter* enter) {
  return enter->maxevents || enter->flags & XPOLL_ENTER_RING;
}

static int enter_ioctl(int epfd, struct xpoll_enter* enter) {
  if (!xpoll_cancel_is_possible() || !is_wait(enter))
    return xpoll_ioctl(epfd, XPOLL_IOC_ENTER, enter);
  if (enter->flags & XPOLL_ENTER_RING) return xpoll_enter_ring(epfd, enter);
  return xpoll_enter_cancellably(epfd, enter);
}

/*
 * Whether a call that failed (ret: -errno) may have met a descriptor that does not know it: an
 * instance of native epoll, or of a module without XPOLL_FEATURE_ENTER.
 */
static bool is_unknown(int epfd, int ret) {
  if (ret >= 0 || ret == -EINTR || ret == -EBADF) return false;
  return ret == -ENOTTY || !xpoll_is_instance(epfd);
}

/* Returns 0 or a negated errno. */
static int control(int epfd, int op, struct xpoll_change* change) {
  struct epoll_event event = {.events = change->events, .data = {.u64 = change->data}};

  return xpoll_ctl(epfd, op, change->fd, &event) < 0 ? -errno : 0;
}

/* Another thread may add or remove the watch between two attempts, so there are as many as needed.
 */
static int upsert(int epfd, struct xpoll_change* change) {
  int ret;

  if (change->events & EPOLLEXCLUSIVE) return -EINVAL;
  do {
    ret = control(epfd, EPOLL_CTL_MOD, change);
    if (ret == -ENOENT) ret = control(epfd, EPOLL_CTL_ADD, change);
  } while (ret == -EEXIST);
  return ret;
}

static int make_change(int epfd, struct xpoll_change* change) {
  if (change->flags) return -EINVAL;
  return change->op == XPOLL_CTL_UPSERT ? upsert(epfd, change) : control(epfd, change->op, change);
}

/* Returns whether XPOLL_ENTER_STOP ended them. */
static bool make_changes(int epfd, struct xpoll_enter* enter) {
  struct xpoll_change* changes = (struct xpoll_change*)(uintptr_t)enter->changes;

  for (; enter->done < enter->nchanges; enter->done++) {
    struct xpoll_change* change = &changes[enter->done];

    change->result = make_change(epfd, change);
    if (change->result == 0) continue;
    enter->failed++;
    if (!(enter->flags & XPOLL_ENTER_STOP)) continue;
    enter->done++;
    return true;
  }
  return false;
}

static bool is_valid(const struct xpoll_enter* enter) {
  /* epoll's calls are never restarted, so XPOLL_ENTER_RESTART is unknown here. */
  return !(enter->flags & ~KNOWN_FLAGS) && enter->worker <= XPOLL_WORKERS_MAX && !enter->batch &&
         !enter->reserved[0] && !enter->reserved[1] && enter->maxevents >= 0 &&
         enter->minevents <= (uint32_t)enter->maxevents && enter->nchanges <= XPOLL_CHANGES_MAX;
}

/* One call for each change, and one for the wait, which one event ends. */
static int enter_by_calls(int epfd, struct xpoll_enter* enter) {
  const int errno_before = errno;
  bool stopped;

  /* XPOLL_ENTER_RING too: what does not know the call has no ring */
  if (!is_valid(enter)) {
    errno = EINVAL;
    return -1;
  }
  enter->done = 0;
  enter->failed = 0;
  stopped = make_changes(epfd, enter);
  errno = errno_before;
  if (enter->maxevents == 0) return 0;
  return xpoll_pwait_worker(epfd, (struct epoll_event*)(uintptr_t)enter->events, enter->maxevents,
                            stopped ? 0 : enter->timeout_ns, enter->flags & XPOLL_ENTER_ABSTIME,
                            (const sigset_t*)(uintptr_t)enter->sigmask, enter->worker);
}

int xpoll_ctl_change(int epfd, struct xpoll_change* change) {
  const int errno_before = errno;
  int ret = xpoll_ioctl(epfd, XPOLL_IOC_CHANGE, change);

  if (is_unknown(epfd, ret)) {
    ret = make_change(epfd, change);
    errno = errno_before;
  }
  return xpoll_with_errno(ret);
}

int xpoll_enter(int epfd, struct xpoll_enter* enter) {
  int ret;

  enter->sigsetsize = _NSIG / 8; /* the kernel's set, not the larger sigset_t */
  ret = enter_ioctl(epfd, enter);
  return is_unknown(epfd, ret) ? enter_by_calls(epfd, enter) : xpoll_with_errno(ret);
}
