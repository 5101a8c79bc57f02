// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/counts.h"

namespace xpoll::report {

/** One test as GoogleTest's JSON tells it. */
struct TestResult {
  std::string suite;
  std::string name;
  double seconds = 0;
  bool skipped = false;
  std::string failure;  // every message; empty if it did not fail
};

/** What ran; disabled tests and those a filter took out are left away. */
std::vector<TestResult> read_gtest(const nlohmann::json& output);

Counts count(const std::vector<TestResult>& tests);

/** The same as JUnit's XML. */
std::string to_junit(const std::string& name, const std::vector<TestResult>& tests);

}  // namespace xpoll::report
