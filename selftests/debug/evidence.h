// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "report/counts.h"

namespace xpoll::debug {

/** The profile in a kernel's name: "debug-rt" of 6.12-debug-rt. */
std::string_view profile_of(std::string_view kernel);

/** The results of a run in a guest. */
struct Evidence {
  std::string kernel;   // the runner's name of it
  std::string release;  // release, as the kernel prints it
  std::string suite;
  std::string outcome;  // the runner's verdict
  double seconds = 0;
  bool has_tests = false;  // false for a fuzzer
  report::Counts tests;
  long steps = 0;     // of a fuzzer
  long found = 0;     // what a fuzzer or the attack reports as wrong
  long produced = 0;  // events that stress tests produced, as recorded
  long lost = 0;      // events that did not arrive, or arrived twice
  int splats = 0;
  bool leaks_searched = false;  // by kmemleak; else only slab caches show leaks, when the module is
                                // unloaded
  int leaks = 0;

  /**
   * A run that ran no test and made no step, or skipped all tests, has not passed, and neither has
   * one without a search for leaks on a kernel that is built for that: kmemleak disables itself if
   * it runs out of memory for its own records.
   */
  [[nodiscard]] bool passed() const {
    const bool showed_something = tests.passed > 0 || steps > 0;
    return outcome == "passed" && showed_something && tests.failed == 0 && found == 0 &&
           lost == 0 && splats == 0 && leaks == 0 &&
           (leaks_searched || profile_of(kernel) != "debug");
  }
};

/** 0 if there are runs and all have passed, else 1. */
int exit_status(const std::vector<Evidence>& runs);

/** Reads build/debug/KERNEL/SUITE. A run without results has the outcome "no-verdict". */
Evidence read_evidence(const std::filesystem::path& directory);

/** Numbers of log lines that show a complaint or crash of the kernel, and that show a leak. */
struct Complaints {
  int splats = 0;
  int leaks = 0;
};
Complaints count_complaints(std::string_view kernel_log);

}  // namespace xpoll::debug
