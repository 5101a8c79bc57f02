// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <regex>

namespace bench {

/// What a nanosecond of CLOCK_MONOTONIC is.
enum class Clock {
  kInstructions,  // the guest runs under -icount shift=0
  kTime,
};

struct Settings {
  Clock clock = Clock::kTime;
  bool only_list = false;  // the benchmarks' names
  bool xpoll = false;      // the module is loaded
  std::regex filter;       // of names of benchmarks

  int rounds = 0;       // of each measurement
  int descriptors = 0;  // that the process may have open

  [[nodiscard]] bool counts_instructions() const { return clock == Clock::kInstructions; }
};

}  // namespace bench
