// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_IOCTLFUZZ_SLOTS_H
#define XPOLL_SELFTESTS_IOCTLFUZZ_SLOTS_H

#include "fuzz/random.h"
#include "util/fd.h"

namespace xpoll_ioctlfuzz {

using xpoll_fuzz::Random;

// Descriptor numbers that all threads use, fill and close without asking each other. What is behind
// one is known to nobody, though some are mostly instances, some devices, the rest what is watched.
class Slots {
 public:
  Slots();
  Slots(const Slots&) = delete;
  Slots& operator=(const Slots&) = delete;
  ~Slots();

  // One of the numbers, whatever it is for.
  int pick(Random& random) const;
  // One of those that are for what is watched.
  int pickTarget(Random& random) const;
  // Mostly one of those that are for it, else any, or a number that is none: closed, out of range,
  // negative.
  int pickAsInstance(Random& random) const;
  int pickAsDevice(Random& random) const;
  int pickAsTarget(Random& random) const;

  // Closes what was there.
  void put(int number, const xpoll_test::Fd& file) const;
  // Mostly with what the number is for.
  void fill(Random& random, int number) const;

 private:
  int pickAny(Random& random) const;
};

}  // namespace xpoll_ioctlfuzz

#endif  // XPOLL_SELFTESTS_IOCTLFUZZ_SLOTS_H
