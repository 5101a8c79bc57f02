// SPDX-License-Identifier: GPL-2.0-only
#include "clock.h"

#include <algorithm>
#include <limits>

#include "profile/mark.h"

namespace bench {

std::int64_t clock_cost() {
  constexpr int kReadings = 1000;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (int reading = 0; reading < kReadings; ++reading) {
    const std::int64_t start = now_ns();
    put_mark<Mark::kBegin>();
    put_mark<Mark::kEnd>();
    least = std::min(least, now_ns() - start);
  }
  return least;
}

}  // namespace bench
