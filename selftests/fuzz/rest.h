// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string_view>

#include "tools/util/checked.h"
#include "util/thread.h"

namespace xpoll::fuzz {

// Pins this thread, and threads that it starts later, to the current processor.
void stay_on_processor();

// Waits until the packets that a call sent over loopback, and the replies to them, have been
// delivered. Each processor delivers packets from a queue in order, so a packet of our own, sent
// from the same processor, is delivered after them.
class LoopbackBarrier {
 public:
  LoopbackBarrier();
  void pass() const;

 private:
  xpoll::unique_fd socket_;
};

// Gives the thread idle priority, so that it does not preempt a task that wakes it.
void run_when_idle(pid_t tid);

// A thread that has idle priority, too. When it has had a turn, the other idle threads have
// probably had theirs, and the processor did not have to sleep.
class IdleTurn {
 public:
  IdleTurn();
  IdleTurn(const IdleTurn&) = delete;
  IdleTurn& operator=(const IdleTurn&) = delete;
  ~IdleTurn();
  void take() const;

 private:
  xpoll::unique_fd asked_;
  xpoll::unique_fd taken_;
  xpoll::test::Thread thread_;
};

// Limits how long to wait for an effect.
class Patience {
 public:
  explicit Patience(std::string_view what);
  // Throws a Divergence that names the missing effect when the time is up.
  void check() const;

 private:
  std::string_view what_;
  std::chrono::steady_clock::time_point deadline_;
};

// Checks the condition repeatedly, and lets other tasks run in between.
template <typename Condition, typename MakeRoom>
void wait_for_rest(std::string_view what, const Condition& condition, const MakeRoom& make_room) {
  if (condition()) return;
  const Patience patience(what);
  do {
    patience.check();
    make_room();
  } while (!condition());
}

}  // namespace xpoll::fuzz
