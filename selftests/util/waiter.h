// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/epoll.h>

#include <atomic>
#include <vector>

#include "thread.h"
#include "tools/util/backend.h"

namespace xpoll::test {

// A thread that makes one wait call.
class Waiter {
 public:
  // Sleeps without limit unless told.
  Waiter(Backend backend, int epfd, int maxevents = 1, int timeout_ms = -1);
  // Into the caller's array.
  Waiter(Backend backend, int epfd, epoll_event* events, int maxevents, int timeout_ms = -1);
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  // A wait that nothing ended is ended by a signal: the test has failed, and the next must run.
  ~Waiter();

  pid_t tid() const { return thread_.tid(); }
  void signal(int number) { thread_.signal(number); }
  void wait_until_asleep() const { thread_.wait_until_asleep_in_wait(); }
  bool returned() const { return returned_.load(std::memory_order_acquire); }

  // What the call returned, errno being set to the thread's. Throws if it never returns.
  int join();
  // After join: what was delivered into the thread's own array.
  const std::vector<epoll_event>& events() const { return own_; }

 private:
  void wait_once(Backend backend, int epfd, epoll_event* events, int maxevents, int timeout_ms);

  std::vector<epoll_event> own_;
  int result_ = 0;
  int error_ = 0;
  std::atomic<bool> returned_{false};
  Thread thread_;
};

}  // namespace xpoll::test
