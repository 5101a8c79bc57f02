// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <gtest/gtest.h>

#include <utility>

#include "stall_watch.h"

namespace xpoll::test {

// Prints a run as KTAP version 1 (Documentation/dev-tools/ktap.rst): failures as comments before
// their "not ok" line, skips with their reason, and the last line "N passed, N failed, N skipped".
class KtapPrinter : public testing::EmptyTestEventListener {
 public:
  explicit KtapPrinter(StallWatch watch) : watch_(std::move(watch)) {}

 private:
  void OnTestProgramStart(const testing::UnitTest& run) override;
  void OnTestStart(const testing::TestInfo& test) override;
  void OnTestPartResult(const testing::TestPartResult& part) override;
  void OnTestEnd(const testing::TestInfo& test) override;
  void OnTestProgramEnd(const testing::UnitTest& run) override;

  StallWatch watch_;
  int number_ = 0;
};

// Replaces gtest's own printer from now on. Call it while the process has one thread, because it
// also ends the run if a test stalls: see StallWatch.
void print_ktap();

}  // namespace xpoll::test
