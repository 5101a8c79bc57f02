// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>
#include <cstdint>

namespace xpoll::test {

// A nanosecond of CLOCK_MONOTONIC is an instruction, the machine's only processor being emulated
// with -icount shift=0: std::chrono::steady_clock counts everything that was executed.
template <typename Action>
std::int64_t instructions_of(Action&& action) {
  const auto before = std::chrono::steady_clock::now();
  action();
  return std::chrono::nanoseconds(std::chrono::steady_clock::now() - before).count();
}

// Whether that is so on this machine.
bool clock_counts_instructions();

}  // namespace xpoll::test
