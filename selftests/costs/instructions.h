// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>
#include <cstdint>

namespace xpoll::test {

// A nanosecond of CLOCK_MONOTONIC is an instruction if the machine's only processor is emulated
// with -icount shift=0. std::chrono::steady_clock then counts everything that is executed.
template <typename Action>
std::int64_t instructions_of(Action&& action) {
  const auto before = std::chrono::steady_clock::now();
  action();
  return std::chrono::nanoseconds(std::chrono::steady_clock::now() - before).count();
}

// Whether this machine's clock counts instructions.
bool clock_counts_instructions();

}  // namespace xpoll::test
