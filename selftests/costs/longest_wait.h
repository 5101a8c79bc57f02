// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <ctime>
#include <thread>

#include "instructions.h"
#include "urgent.h"
#include "util/thread.h"

namespace xpoll::test {

// Instructions that an urgent thread needed at most for a sleep of a few, while the caller ran
// `action` on the machine's only processor.
template <typename Action>
std::int64_t longest_wait(Action&& action) {
  constexpr timespec kSleep{.tv_sec = 0, .tv_nsec = 20'000};
  std::atomic<bool> begun = false;
  std::atomic<bool> done = false;
  std::int64_t longest = 0;
  Thread thread([&] {
    const Urgent urgent;
    for (begun = true; !done;)
      longest = std::max(
          longest, instructions_of([&] { clock_nanosleep(CLOCK_MONOTONIC, 0, &kSleep, nullptr); }));
  });
  while (!begun) std::this_thread::yield();
  action();
  done = true;
  thread.join();
  return longest;
}

}  // namespace xpoll::test
