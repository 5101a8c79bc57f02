// SPDX-License-Identifier: GPL-2.0-only
#include "waiter.h"

#include <algorithm>
#include <cerrno>

#include "tools/util/wait_until.h"

namespace xpoll::test {

Waiter::Waiter(Backend backend, int epfd, int maxevents, int timeout_ms)
    : own_(static_cast<std::size_t>(maxevents)),
      thread_([=, this] { wait_once(backend, epfd, own_.data(), maxevents, timeout_ms); }) {}

Waiter::Waiter(Backend backend, int epfd, epoll_event* events, int maxevents, int timeout_ms)
    : thread_([=, this] { wait_once(backend, epfd, events, maxevents, timeout_ms); }) {}

void Waiter::wait_once(Backend backend, int epfd, epoll_event* events, int maxevents,
                       int timeout_ms) {
  result_ = backend.wait(epfd, events, maxevents, timeout_ms);
  error_ = errno;
  returned_.store(true, std::memory_order_release);
}

Waiter::~Waiter() { thread_.interrupt_until(returned_); }

int Waiter::join() {
  wait_until("the end of a wait", [this] { return returned(); });
  thread_.join();
  if (!own_.empty()) own_.resize(static_cast<std::size_t>(std::max(result_, 0)));
  errno = error_;
  return result_;
}

}  // namespace xpoll::test
