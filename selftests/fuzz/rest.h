// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string_view>

#include "tools/util/checked.h"
#include "util/thread.h"

namespace xpoll::fuzz {

// Keeps this thread, and those that it starts, on the processor that it runs on.
void stay_on_processor();

// The packets that a call sent over loopback have been delivered, and so have the answers to them.
// Delivery is the work of a queue per processor, first come first served: so is a packet of our
// own, if we stay on one processor.
class LoopbackBarrier {
 public:
  LoopbackBarrier();
  void pass() const;

 private:
  xpoll::unique_fd socket_;
};

// The thread runs while nothing else wants its processor: what wakes it goes on undisturbed.
void run_when_idle(pid_t tid);

// A thread that runs when idle, too: when it has had its turn, the others are likely to have had
// theirs, without the processor having slept.
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

// When to give up on what has to come.
class Patience {
 public:
  explicit Patience(std::string_view what);
  // A Divergence that says what did not come, when it is late.
  void check() const;

 private:
  std::string_view what_;
  std::chrono::steady_clock::time_point deadline_;
};

// Looks again until the condition holds, and makes room for it to come true in between.
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
