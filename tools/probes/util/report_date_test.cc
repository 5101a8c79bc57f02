// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/report_date.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <stdexcept>

namespace probes {
namespace {

class ReportDateTest : public testing::Test {
 protected:
  void TearDown() override { unsetenv("SOURCE_DATE_EPOCH"); }
};

TEST_F(ReportDateTest, IsADay) { EXPECT_THAT(report_date(), testing::MatchesRegex("20..-..-..")); }

TEST_F(ReportDateTest, IsWhatTheEnvironmentSays) {
  setenv("SOURCE_DATE_EPOCH", "1795824000", true);
  EXPECT_EQ(report_date(), "2026-11-28");
}

TEST_F(ReportDateTest, RefusesWhatIsNoNumber) {
  setenv("SOURCE_DATE_EPOCH", "today", true);
  EXPECT_THROW(report_date(), std::runtime_error);
}

}  // namespace
}  // namespace probes
