// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>
#include <vector>

namespace xpoll::test {

// A call that is made over and over, each time with a fault one place further on.
struct FaultyCall {
  std::function<void()> prepare = [] {};
  // As a system call: negative and errno, or success.
  std::function<int()> call;
  // After a success: back to where prepare() began.
  std::function<void()> undo = [] {};
  // What it is documented to fail with for want of memory or a bad address; empty if it can't.
  std::vector<int> errors{};
  // Whether a fault must have been met, and made it fail. Not so if all that can fail is a read of
  // user memory by unsafe_get_user(), where the kernel injects none.
  bool meets_faults = true;
  // Looked at before and after a failed call. Looking comes after prepare().
  std::function<std::vector<int>()> descriptors = [] { return std::vector<int>{}; };
  std::function<std::vector<int>()> instances = [] { return std::vector<int>{}; };
};

// So many faults, and of how many of them the call failed: others hit what has something to fall
// back on.
struct Faults {
  int injected = 0;
  int failed = 0;
};

// Until the call meets no more faults, and for each kind of fault. Each failure must have a
// documented errno, change nothing, and be mended by making the call again; else the test fails.
// Says how many faults there were, and fails the test if there was none and could have been.
Faults sweep_faults(const FaultyCall& call);

}  // namespace xpoll::test
