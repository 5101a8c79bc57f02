// SPDX-License-Identifier: GPL-2.0-only
#include "report.h"

#include <gtest/gtest.h>

namespace xpoll::vm {
namespace {

TEST(Report, CarriesItsText) {
  const Report report = parse_report("unload rmmod: in use");
  EXPECT_EQ(report.kind, Report::Kind::kUnload);
  EXPECT_EQ(report.text, "rmmod: in use");
}

TEST(Report, MayBeOneWord) {
  EXPECT_EQ(parse_report("end").kind, Report::Kind::kEnd);
  EXPECT_EQ(parse_report("end").text, "");
}

TEST(Report, OtherLinesMeanNothing) {
  EXPECT_EQ(parse_report("").kind, Report::Kind::kUnknown);
  EXPECT_EQ(parse_report("ending").kind, Report::Kind::kUnknown);
}

TEST(Report, ASequenceMakesARun) {
  GuestRun run;
  for (const char* line :
       {"ready 1.5", "running", "status 3", "unload busy", "searched", "leak", "end"}) {
    apply_report(parse_report(line), run);
  }
  EXPECT_EQ(run.status, 3);
  EXPECT_EQ(run.stuck, "busy");
  EXPECT_TRUE(run.leaks_searched);
  EXPECT_TRUE(run.leak);
  EXPECT_TRUE(run.finished);
}

}  // namespace
}  // namespace xpoll::vm
