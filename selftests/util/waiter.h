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
  // Sleeps without timeout by default.
  Waiter(Backend backend, int epfd, int maxevents = 1, int timeout_ms = -1);
  // Stores the events in the caller's array.
  Waiter(Backend backend, int epfd, epoll_event* events, int maxevents, int timeout_ms = -1);
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  // Interrupts a wait that nothing ended, since the test has failed and later tests must run.
  ~Waiter();

  pid_t tid() const { return thread_.tid(); }
  void signal(int number) { thread_.signal(number); }
  void wait_until_asleep() const { thread_.wait_until_asleep_in_wait(); }
  bool returned() const { return returned_.load(std::memory_order_acquire); }

  // Returns the result of the call and sets errno to the thread's. Throws if the call never
  // returns.
  int join();
  // The events in the thread's own array, after join().
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
