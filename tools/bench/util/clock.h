// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <ctime>

namespace bench {

inline std::int64_t now_ns() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

/// What two readings with nothing but a round's marks between them are apart, at least.
std::int64_t clock_cost();

}  // namespace bench
