// SPDX-License-Identifier: GPL-2.0-only
#include "wait_until.h"

#include <stdexcept>
#include <string>
#include <thread>

namespace xpoll {
namespace {

// Long enough that polling does not take a single processor away from the awaited task.
constexpr std::chrono::milliseconds kPause{1};

}  // namespace

void wait_until(std::string_view what, const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("never came: " + std::string(what));
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace xpoll
