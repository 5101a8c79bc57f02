// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "fuzz/random.h"
#include "tools/util/checked.h"

namespace xpoll::ioctlfuzz {

using xpoll::fuzz::Random;

// Descriptor numbers that all threads use, fill and close without synchronization. No thread knows
// what a number refers to, but some numbers are mostly instances, some devices, the rest files to
// watch.
class Slots {
 public:
  Slots();
  Slots(const Slots&) = delete;
  Slots& operator=(const Slots&) = delete;
  ~Slots();

  // Any of the numbers.
  int pick(Random& random) const;
  // One of the numbers for files to watch.
  int pick_target(Random& random) const;
  // Mostly a number meant for instances, otherwise any, or an invalid one: closed, out of range,
  // negative.
  int pick_as_instance(Random& random) const;
  int pick_as_device(Random& random) const;
  int pick_as_target(Random& random) const;

  // Closes the previous descriptor.
  void put(int number, const xpoll::unique_fd& file) const;
  // Mostly with a descriptor of the type that the number is meant for.
  void fill(Random& random, int number) const;

 private:
  int pick_any(Random& random) const;
};

}  // namespace xpoll::ioctlfuzz
