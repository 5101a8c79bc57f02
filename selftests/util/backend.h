// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_BACKEND_H
#define XPOLL_SELFTESTS_UTIL_BACKEND_H

#include <sys/epoll.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <ostream>
#include <vector>

#include "fd.h"

namespace xpoll_test {

// The two implementations behind one face. Calls are raw: they return what the system call returns,
// set errno as it does, and take any pointer.
class Backend {
 public:
  static constexpr Backend xpoll() { return Backend(Kind::kXpoll); }
  static constexpr Backend native() { return Backend(Kind::kNative); }

  constexpr bool isXpoll() const { return kind_ == Kind::kXpoll; }
  constexpr bool isNative() const { return kind_ == Kind::kNative; }
  constexpr const char* name() const { return isXpoll() ? "xpoll" : "native"; }

  int create1(int flags) const;
  int ctl(int epfd, int op, int fd, epoll_event* event) const;
  int wait(int epfd, epoll_event* events, int maxevents, int timeout_ms) const;
  int pwait(int epfd, epoll_event* events, int maxevents, int timeout_ms,
            const sigset_t* sigmask) const;
  int pwait2(int epfd, epoll_event* events, int maxevents, const timespec* timeout,
             const sigset_t* sigmask) const;

  // pwait below the library, which fixes the size of the signal set.
  int pwaitSized(int epfd, epoll_event* events, int maxevents, int timeout_ms, const void* sigmask,
                 std::size_t sigsetsize) const;

  // ctl with an event of these bits, its data being the descriptor unless given.
  int add(int epfd, int fd, std::uint32_t events) const;
  int add(int epfd, int fd, std::uint32_t events, std::uint64_t data) const;
  int mod(int epfd, int fd, std::uint32_t events) const;
  int mod(int epfd, int fd, std::uint32_t events, std::uint64_t data) const;
  int del(int epfd, int fd) const;

  // A new close-on-exec instance.
  Fd instance() const;

  // What one wait delivers; throws if it fails.
  std::vector<epoll_event> ready(int epfd, int timeout_ms = 0, int maxevents = 64) const;

  friend constexpr bool operator==(Backend, Backend) = default;
  friend std::ostream& operator<<(std::ostream& out, Backend backend) {
    return out << backend.name();
  }

 private:
  enum class Kind { kXpoll, kNative };
  constexpr explicit Backend(Kind kind) : kind_(kind) {}

  Kind kind_;
};

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
  // instance of xpoll: they accept native instances only.
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
  // xpoll's create1 needs room for two descriptors, native's for one: the library has /dev/xpoll
  // open while it creates. With room for one it fails with EMFILE, which it is documented to do.
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

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_BACKEND_H
