// SPDX-License-Identifier: MIT
// What epoll_create(2) creates in this process.
#ifndef XPOLL_PROCESS_HPP
#define XPOLL_PROCESS_HPP

#include <xpoll/wake.h>
#include <xpoll/xpoll.h>

#include <xpoll/check.hpp>
#include <xpoll/cxx20.hpp>
#include <xpoll/group.hpp>

/// Lets code that knows nothing of xpoll run on it: libraries of this process, processes that it
/// forks and programs that it executes. <xpoll/xpoll.h> has the rules (xpoll_process()). Errors are
/// thrown as std::system_error with errno's value: EOPNOTSUPP where the kernel can't be hooked. Any
/// number of threads may call these at once; the last call counts.
namespace xpoll::process {

/// From now on epoll_create(2) creates instances of xpoll. Returns whether it did before.
inline bool opt_in() {
  return detail::check(xpoll_process(XPOLL_PROCESS_XPOLL), "xpoll_process") == 1;
}

/// As above, and they join this group; they do so even when the group object is destroyed.
inline bool opt_in(const group& owner) {
  return detail::check(xpoll_process_in(owner.fd()), "xpoll_process_in") == 1;
}

/// From now on epoll_create(2) creates native instances. Returns whether the process was opted in.
inline bool opt_out() {
  return detail::check(xpoll_process(XPOLL_PROCESS_NATIVE), "xpoll_process") == 1;
}

/// Whether epoll_create(2) creates instances of xpoll.
inline bool opted_in() {
  return detail::check(xpoll_process(XPOLL_PROCESS_ASK), "xpoll_process") == 1;
}

}  // namespace xpoll::process

#endif  // XPOLL_PROCESS_HPP
