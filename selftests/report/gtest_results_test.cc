// SPDX-License-Identifier: GPL-2.0-only
#include "report/gtest_results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace xpoll::report {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

/** In the format of GoogleTest 1.12. */
nlohmann::json example() {
  return nlohmann::json::parse(R"json({
    "tests": 4, "failures": 1, "disabled": 1, "errors": 0, "name": "AllTests",
    "testsuites": [{"name": "Level", "testsuite": [
      {"name": "Passes", "status": "RUN", "result": "COMPLETED", "time": "0.5s"},
      {"name": "Skips", "status": "RUN", "result": "SKIPPED", "time": "0s"},
      {"name": "Fails", "value_param": "xpoll", "status": "RUN", "result": "COMPLETED",
       "time": "0.1s", "failures": [{"failure": "a < b\nis \"false\"", "type": ""}]},
      {"name": "DISABLED_Later", "status": "NOTRUN", "result": "SUPPRESSED", "time": "0s"}]}]})json");
}

TEST(GtestResults, TestsThatDidNotRunAreLeftAway) { EXPECT_THAT(read_gtest(example()), SizeIs(3)); }

TEST(GtestResults, AreCounted) {
  EXPECT_EQ(count(read_gtest(example())), (Counts{.passed = 1, .failed = 1, .skipped = 1}));
}

TEST(GtestResults, BecomeJUnit) {
  const std::string xml = to_junit("6.1-amd64", read_gtest(example()));
  EXPECT_THAT(xml, HasSubstr("tests=\"3\" failures=\"1\" skipped=\"1\""));
  EXPECT_THAT(xml, HasSubstr("name=\"Fails (xpoll)\""));
  EXPECT_THAT(xml, HasSubstr("a &lt; b\nis &quot;false&quot;"));
  EXPECT_THAT(xml, HasSubstr("<skipped/>"));
}

TEST(Counts, AreWrittenAsTheLastLineWantsThem) {
  EXPECT_EQ(to_string({.passed = 3, .failed = 2, .skipped = 1}), "3 passed, 2 failed, 1 skipped");
}

}  // namespace
}  // namespace xpoll::report
