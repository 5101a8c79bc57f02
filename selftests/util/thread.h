// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <atomic>
#include <exception>
#include <functional>
#include <thread>

namespace xpoll::test {

// A thread whose tid is known from the start. join() rethrows its body's exception, if any.
class Thread {
 public:
  explicit Thread(std::function<void()> body);
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  // The body must end by itself, because the destructor waits for it.
  ~Thread() = default;

  pid_t tid() const { return tid_; }
  void wait_until_asleep_in_wait() const;
  void signal(int number);
  // Sends a signal repeatedly, so that a blocked call fails with EINTR, until the thread sets the
  // flag.
  void interrupt_until(const std::atomic<bool>& returned);
  void join();

 private:
  std::exception_ptr failure_;
  pid_t tid_ = 0;
  std::jthread thread_;
};

}  // namespace xpoll::test
