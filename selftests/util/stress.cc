// SPDX-License-Identifier: GPL-2.0-only
#include "stress.h"

#include <sched.h>

#include <algorithm>
#include <cstdlib>
#include <string>

namespace xpoll::test {

int stress_rounds(int base) {
  const char* factor = std::getenv("XPOLL_STRESS");
  return factor ? std::max(1, static_cast<int>(base * std::stod(factor))) : base;
}

void StartLine::meet() {
  gather();
  align();
}

void StartLine::gather() {
  const unsigned lap = lap_.load();
  if (arrived_.fetch_add(1) + 1 < runners_) {
    lap_.wait(lap);
    return;
  }
  arrived_.store(0);
  lap_.store(lap + 1);
  lap_.notify_all();
}

// The kernel wakes sleepers microseconds apart, which is longer than the race windows, so the early
// ones spin briefly. They must not spin longer, because a spinning thread may keep the others from
// running on a single processor, or under emulation that runs virtual CPUs in turn.
void StartLine::align() {
  constexpr int kSpins = 50;
  aligned_.fetch_add(1);
  for (int spin = 0; spin < kSpins && aligned_.load() % runners_ != 0; ++spin) sched_yield();
}

}  // namespace xpoll::test
