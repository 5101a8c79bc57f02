// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "tools/util/backend.h"

namespace xpoll::test {

// The intended differences between xpoll and native epoll, all of them. A test that expects
// anything else to differ is wrong.
enum class Difference {
  // xpoll does not watch native epoll instances (EINVAL): a cycle through both kinds is seen by
  // neither side's check, and would deadlock.
  kRefusesNativeEpollTarget,
  // On native epoll before 6.12.117 a wait with timeout 0 may return 0 while another thread's scan
  // holds the ready items; on xpoll never.
  kFalseNothingReady,
  // xpoll does not spin on the network device (net.core.busy_poll, and EPIOCSPARAMS from 6.9, which
  // fails with EOPNOTSUPP as it does in a kernel without busy polling): what native epoll keeps for
  // it in an instance is private to it.
  kNoBusyPoll,
  // IORING_OP_EPOLL_CTL and epoll's system calls, made without the library, fail with EINVAL on an
  // instance of xpoll: they accept native instances only, unless XPOLL_FEATURE_EPOLL_CALLS is set.
  kUnknownToNativeCalls,
  // kcmp(2) with KCMP_EPOLL_TFD does not know an instance of xpoll (EINVAL): it looks into native
  // ones.
  kUnknownToKcmp,
  // /proc/PID/fd has anon_inode:[xpoll], not [eventpoll]. The name is what tells native instances
  // from others, to xpoll and to tools.
  kNamedXpoll,
  // A native instance takes EPOLLEXCLUSIVE with one of xpoll, which is any other file to it.
  kExclusiveInNative,
  // The limits on wake-up paths hold for each side's part of a graph alone: neither side sees the
  // other's links.
  kPathsOfEachSideApart,
  // fs.epoll.max_user_watches does not limit the watches of xpoll; no module can read it. The
  // module's parameter max_user_watches does.
  kWatchLimitIsAParameter,
  // The library's create1 needs room for two descriptors, native's for one: the library has
  // /dev/xpoll open while it creates. With room for one it fails with EMFILE, which it is
  // documented
  // to do.
  kCreateNeedsTwoDescriptors,
  // A waiter that is killed as it is woken passes the wake-up on with xpoll; with native epoll the
  // event waits for the next one (ep_send_events() returns before it looks).
  kKilledWaiterPassesItsWakeOn,
  // A file that is closed while a scan asks it ends with xpoll although the scanning task then
  // sleeps; with native epoll it ends when that task is woken.
  kSleeperKeepsNoClosedFile,
};

// Whether this backend, on the running kernel, departs from epoll's documented behaviour so.
bool differs(Backend backend, Difference difference);

}  // namespace xpoll::test
