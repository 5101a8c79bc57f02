// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <regex>

namespace bench {

/// The meaning of a nanosecond of CLOCK_MONOTONIC.
enum class Clock {
  kInstructions,  // the guest runs under -icount shift=0
  kTime,
};

struct Settings {
  Clock clock = Clock::kTime;
  bool only_list = false;  // list the benchmarks' names
  bool xpoll = false;      // the module is loaded
  bool calls = false;      // measure only epoll's own system calls, with the module's hooks
  std::regex filter;       // for names of benchmarks

  int rounds = 0;       // rounds of each measurement
  int descriptors = 0;  // the process's limit of open descriptors

  [[nodiscard]] bool counts_instructions() const { return clock == Clock::kInstructions; }
};

}  // namespace bench
