// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_IOCTLFUZZ_WORKER_H
#define XPOLL_SELFTESTS_IOCTLFUZZ_WORKER_H

#include <array>
#include <cstdint>
#include <string>

#include "ioctlfuzz/cell.h"
#include "ioctlfuzz/slots.h"
#include "ioctlfuzz/tally.h"

namespace xpoll_ioctlfuzz {

// The memory for the arguments of one thread's calls.
struct Arguments {
  Cell outer;
  Cell events;
  Cell sigmask;
  Cell time;

  void meddle(Random& random);
};

// One thread's calls. A number decides a call wholly, but for what other threads do meanwhile.
class Worker {
 public:
  Worker(Arguments& arguments, const Slots& slots, Tally& tally)
      : arguments_(arguments), slots_(slots), tally_(tally) {}

  void step(std::uint64_t number);

 private:
  // calls.cc
  void features(Random& random);
  void create(Random& random);
  void group(Random& random);
  void stats(Random& random);
  void ctl(Random& random);
  void wait(Random& random);
  void unknownCommand(Random& random);

  // acts.cc: what makes the calls meet something
  void openSlot(Random& random);
  void dupSlot(Random& random);
  void closeSlot(Random& random);
  void passSlot(Random& random);
  void stir(Random& random);
  void pollSlots(Random& random);
  void readFdinfo(Random& random);
  void fork(Random& random);
  void unload(Random& random);

  // Counts the result of a call, and checks that it is one of those that the ABI allows. With
  // `must_fail` a success is none.
  void judge(const char* call, long result, bool must_fail);

  Arguments& arguments_;
  const Slots& slots_;
  Tally& tally_;
  std::uint64_t number_ = 0;
};

}  // namespace xpoll_ioctlfuzz

#endif  // XPOLL_SELFTESTS_IOCTLFUZZ_WORKER_H
