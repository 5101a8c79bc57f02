// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_FUZZ_REST_H
#define XPOLL_SELFTESTS_FUZZ_REST_H

#include <sys/types.h>

#include <chrono>
#include <string_view>

#include "util/fd.h"
#include "util/thread.h"

namespace xpoll_fuzz {

// Keeps this thread, and those that it starts, on the processor that it runs on.
void stayOnProcessor();

// The packets that a call sent over loopback have been delivered, and so have the answers to them.
// Delivery is the work of a queue per processor, first come first served: so is a packet of our
// own, if we stay on one processor.
class LoopbackBarrier {
 public:
  LoopbackBarrier();
  void pass() const;

 private:
  xpoll_test::Fd socket_;
};

// The thread runs while nothing else wants its processor: what wakes it goes on undisturbed.
void runWhenIdle(pid_t tid);

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
  xpoll_test::Fd asked_;
  xpoll_test::Fd taken_;
  xpoll_test::Thread thread_;
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
void waitForRest(std::string_view what, const Condition& condition, const MakeRoom& make_room) {
  if (condition()) return;
  const Patience patience(what);
  do {
    patience.check();
    make_room();
  } while (!condition());
}

}  // namespace xpoll_fuzz

#endif  // XPOLL_SELFTESTS_FUZZ_REST_H
