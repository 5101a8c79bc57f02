// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "report/counts.h"

namespace xpoll::debug {

/** What a run in a guest left behind. */
struct Evidence {
  std::string kernel;   // as the runner calls it
  std::string release;  // as the kernel calls itself
  std::string suite;
  std::string outcome;  // the runner's verdict
  double seconds = 0;
  bool has_tests = false;  // a fuzzer has none
  report::Counts tests;
  long steps = 0;     // of a fuzzer
  long produced = 0;  // events that stress tests made, as they record it
  long lost = 0;      // those that did not arrive, or twice
  int splats = 0;
  bool has_leak_detector = false;  // else only slab caches tell of leaks, when the module unloads
  int leaks = 0;

  /** A run that ran no test and made no step, or skipped all tests, shows nothing. */
  [[nodiscard]] bool passed() const {
    const bool showed_something = tests.passed > 0 || steps > 0;
    return outcome == "passed" && showed_something && tests.failed == 0 && lost == 0 &&
           splats == 0 && leaks == 0;
  }
};

/** Of build/debug/KERNEL/SUITE; a run that left nothing has the outcome "no-verdict". */
Evidence read_evidence(const std::filesystem::path& directory);

/** How many of a log's lines tell that the kernel complained or crashed, and that it leaked. */
struct Complaints {
  int splats = 0;
  int leaks = 0;
};
Complaints count_complaints(std::string_view kernel_log);

/** The profile in a kernel's name: "debug-rt" of 6.12-debug-rt. */
std::string_view profile_of(std::string_view kernel);

}  // namespace xpoll::debug
