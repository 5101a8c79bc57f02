// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "tools/util/backend.h"

namespace xpoll::test {

// All intended differences between xpoll and native epoll. A test that expects any other difference
// is wrong.
enum class Difference {
  // xpoll does not watch native epoll instances (EINVAL): neither side's check would see a cycle
  // through both kinds, and the cycle would deadlock.
  kRefusesNativeEpollTarget,
  // Before 6.12.117, a wait on native epoll with timeout 0 may return 0 while another thread's scan
  // holds the ready items. On xpoll it never does.
  kFalseNothingReady,
  // net.core.busy_poll does not apply to xpoll's instances, since a module can't read it. The
  // module parameter busy_poll does.
  kBusyPollIsAParameter,
  // EPIOCSPARAMS and EPIOCGPARAMS work on xpoll's instances before Linux 6.9, too, where native
  // epoll's fail with ENOTTY.
  kBusyPollBeforeItsIoctls,
  // A signal or the timeout ends a wait of xpoll that polls a network device. One on native epoll
  // polls on for the whole time that was set. A device's irq-suspend-timeout has no effect on waits
  // of xpoll, which no test meets: QEMU's device has none.
  kBusyPollEndsWithTheWait,
  // IORING_OP_EPOLL_CTL, IORING_OP_EPOLL_WAIT and epoll's system calls, made without the library,
  // fail with EINVAL on an xpoll instance: they only accept native instances, unless
  // XPOLL_FEATURE_EPOLL_CALLS is set.
  kUnknownToNativeCalls,
  // kcmp(2) with KCMP_EPOLL_TFD fails with EINVAL on an xpoll instance, because it reads native
  // epoll's structures.
  kUnknownToKcmp,
  // The link in /proc/PID/fd is anon_inode:[xpoll], not [eventpoll]. The name distinguishes native
  // instances from others, for xpoll and for tools.
  kNamedXpoll,
  // A native instance accepts EPOLLEXCLUSIVE with an xpoll instance, which it treats as any file.
  kExclusiveInNative,
  // The limits on wake-up paths apply to each side's part of a graph separately, because neither
  // side sees the other's links.
  kPathsOfEachSideApart,
  // fs.epoll.max_user_watches does not limit xpoll's watches, since a module can't read it. The
  // module parameter max_user_watches does.
  kWatchLimitIsAParameter,
  // The library's create1 needs two free descriptors, native's needs one, because the library opens
  // /dev/xpoll during the creation. With one free descriptor it fails with EMFILE, as documented.
  kCreateNeedsTwoDescriptors,
  // A waiter that is killed while it is woken passes the wake-up on with xpoll. With native epoll
  // the event remains until the next wait (ep_send_events() returns before it polls).
  kKilledWaiterPassesItsWakeOn,
  // A file that is closed while a scan polls it is released with xpoll, even if the scanning task
  // then sleeps. With native epoll it is released when that task is woken.
  kSleeperKeepsNoClosedFile,
};

// Whether this backend, on the running kernel, differs from epoll's documented behaviour in this
// way.
bool differs(Backend backend, Difference difference);

}  // namespace xpoll::test
