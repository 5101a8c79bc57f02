// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cerrno>
#include <functional>
#include <vector>

namespace xpoll::test {

using Step = std::function<void()>;

// Repeats for `rounds`, or until the test has failed: runs `prepare`, then all steps concurrently
// in their own threads, then `check`.
void race(int rounds, const Step& prepare, const std::vector<Step>& steps, const Step& check);

// What one of the steps' calls returned, with errno.
struct RaceResult {
  int value = 0;
  int error = 0;

  void set(int result) {
    value = result;
    error = errno;
  }
  bool is_ok_or(int lawful_error) const { return value >= 0 || error == lawful_error; }
};

}  // namespace xpoll::test
