// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/counts.h"

namespace xpoll::report {

/** One test in GoogleTest's JSON. */
struct TestResult {
  std::string suite;
  std::string name;
  double seconds = 0;
  bool skipped = false;
  std::string failure;  // all messages; empty if it did not fail
};

/** The tests that ran. Disabled tests and those that a filter excluded are omitted. */
std::vector<TestResult> read_gtest(const nlohmann::json& output);

Counts count(const std::vector<TestResult>& tests);

/** The same as JUnit XML. */
std::string to_junit(const std::string& name, const std::vector<TestResult>& tests);

}  // namespace xpoll::report
