// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>
#include <vector>

namespace xpoll::test {

// A call that is repeated, each time with a fault one place further on.
struct FaultyCall {
  std::function<void()> prepare = [] {};
  // Like a system call: a negative result and errno, or success.
  std::function<int()> call;
  // After a success: restores the state after prepare().
  std::function<void()> undo = [] {};
  // The documented errors for lack of memory or a bad address; empty if the call can't fail.
  std::vector<int> errors{};
  // Whether the call must meet faults that make it fail. False if only unsafe_get_user() can fail,
  // where the kernel injects no faults.
  bool meets_faults = true;
  // Whether the call allocates whole pages, and not only if a slab cache needs one.
  bool needs_pages = false;
  // Descriptors whose state is compared before and after a failed call. Evaluated after prepare().
  std::function<std::vector<int>()> descriptors = [] { return std::vector<int>{}; };
  std::function<std::vector<int>()> instances = [] { return std::vector<int>{}; };
};

// The number of faults, and of those that made the call fail. In the other cases the call had a
// fallback.
struct Faults {
  int injected = 0;
  int failed = 0;
};

// For each kind of fault, repeats the call until it meets no more faults. Each failure must have a
// documented errno, change nothing, and succeed when the call is repeated; otherwise the test
// fails. Prints the number of faults, and fails the test if there should have been one and was
// none.
Faults sweep_faults(const FaultyCall& call);

}  // namespace xpoll::test
