// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

namespace xpoll::report {

struct Counts {
  int passed = 0;
  int failed = 0;
  int skipped = 0;

  Counts& operator+=(const Counts& other) {
    passed += other.passed;
    failed += other.failed;
    skipped += other.skipped;
    return *this;
  }
  bool operator==(const Counts&) const = default;
};

/** "N passed, N failed, N skipped" */
std::string to_string(const Counts& counts);

}  // namespace xpoll::report
