// SPDX-License-Identifier: GPL-2.0-only
#include "report/app_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/util/file.h"
#include "tools/util/temporary_directory.h"

namespace xpoll::report {
namespace {

using testing::HasSubstr;

constexpr const char* kOutput = R"json({"testsuites": [{"name": "Suite", "testsuite": [
  {"name": "Serves/xpoll", "result": "COMPLETED", "time": "1s", "program": "server 1.2",
   "backend": "xpoll", "work": "300 requests", "errors": "2", "instances": "4", "watches": "90",
   "wakeups": "70", "events": "600"},
  {"name": "Serves/native", "result": "COMPLETED", "time": "1s",
   "failures": [{"failure": "no"}]},
  {"name": "Other", "result": "SUPPRESSED", "time": "0s"}]}]})json";

std::vector<AppRow> rows() { return read_app_rows("6.1-rt", nlohmann::json::parse(kOutput)); }

TEST(AppRows, TakeTheirColumnsFromTheTestsProperties) {
  ASSERT_EQ(rows().size(), 2U);
  const AppRow row = rows()[0];
  EXPECT_EQ(row.kernel, "6.1-rt");
  EXPECT_EQ(row.program, "server 1.2");
  EXPECT_EQ(row.work, "300 requests");
  EXPECT_EQ(row.errors, 2U);
  EXPECT_EQ(row.watches, 90U);
  EXPECT_EQ(row.wakeups, 70U);
  EXPECT_EQ(row.events, 600U);
  EXPECT_TRUE(row.passed);
}

TEST(AppRows, NameTheTestThatFailedBeforeItRecordedAnything) {
  EXPECT_FALSE(rows()[1].passed);
  EXPECT_THAT(to_table(rows()), HasSubstr("Suite.Serves/native"));
}

TEST(AppRows, OfARunWithoutResultsSaySo) {
  const TemporaryDirectory scratch;
  const std::vector<AppRow> collected = collect_app_rows(scratch.path(), {"6.1-rt-apps"});
  ASSERT_EQ(collected.size(), 1U);
  EXPECT_EQ(collected[0].kernel, "6.1-rt");
  EXPECT_FALSE(collected[0].passed);
}

}  // namespace
}  // namespace xpoll::report
