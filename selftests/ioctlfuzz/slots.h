// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "fuzz/random.h"
#include "tools/util/checked.h"

namespace xpoll::ioctlfuzz {

using xpoll::fuzz::Random;

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
  int pick_target(Random& random) const;
  // Mostly one of those that are for it, else any, or a number that is none: closed, out of range,
  // negative.
  int pick_as_instance(Random& random) const;
  int pick_as_device(Random& random) const;
  int pick_as_target(Random& random) const;

  // Closes what was there.
  void put(int number, const xpoll::unique_fd& file) const;
  // Mostly with what the number is for.
  void fill(Random& random, int number) const;

 private:
  int pick_any(Random& random) const;
};

}  // namespace xpoll::ioctlfuzz
