// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <linux/xpoll.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "each_backend.h"
#include "sleep_watch.h"
#include "thread.h"
#include "tools/util/checked.h"

namespace xpoll::test {

// A thread that waits for one event as a worker, reads the eventfd, if any, and ends.
class Worker {
 public:
  Worker(int epfd, int eventfd, std::uint32_t number);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  // Interrupts a wait that nothing ended, since the test has failed and later tests must run.
  ~Worker() { thread_.interrupt_until(returned_); }

  pid_t tid() const { return thread_.tid(); }
  bool returned() const { return returned_; }
  // Whether it was woken since it went to sleep, or since it was watched anew.
  bool disturbed() const { return !asleep_.undisturbed(); }
  void watch_anew() { asleep_ = SleepWatch(tid_once_asleep()); }
  void wait_until_asleep() const { thread_.wait_until_asleep_in_wait(); }
  void join() { thread_.join(); }
  int result() const { return result_; }

 private:
  // Throws if it has returned or does not fall asleep.
  pid_t tid_once_asleep();

  std::atomic<int> result_{0};
  std::atomic<bool> returned_{false};
  Thread thread_;
  SleepWatch asleep_;
};

using Workers = std::vector<std::unique_ptr<Worker>>;

class WakePolicyTest : public XpollOnly {
 protected:
  static constexpr int kWorkers = 4;

  static int set(int fd, xpoll_wake wake);
  static int set_policy(int fd, std::uint32_t policy, std::uint64_t heartbeat_ns = 0);
  // The program may be closed once it is attached.
  static int set_program(int fd, int program, std::uint64_t heartbeat_ns = 0);

  // Sends one event and returns the worker that took it. The event must not wake the others.
  static int taker(Workers& workers, const std::function<void()>& send);
  static int taker(Workers& workers, const unique_fd& eventfd);
  // Ends the remaining waits, with one event each.
  static void finish(Workers& workers, const unique_fd& eventfd);

  static void edge_watch(int ep, const unique_fd& file, std::uint32_t events = 0);
};

}  // namespace xpoll::test
