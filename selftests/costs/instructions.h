// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_COSTS_INSTRUCTIONS_H
#define XPOLL_SELFTESTS_COSTS_INSTRUCTIONS_H

#include <chrono>
#include <cstdint>

namespace xpoll_test {

// A nanosecond of CLOCK_MONOTONIC is an instruction, the machine's only processor being emulated
// with -icount shift=0: std::chrono::steady_clock counts everything that was executed.
template <typename Action>
std::int64_t instructionsOf(Action&& action) {
  const auto before = std::chrono::steady_clock::now();
  action();
  return std::chrono::nanoseconds(std::chrono::steady_clock::now() - before).count();
}

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_COSTS_INSTRUCTIONS_H
