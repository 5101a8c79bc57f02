// SPDX-License-Identifier: GPL-2.0-only
#include "text.h"

#include <gmock/gmock.h>

#include "sample_comparison.h"

namespace probes::compare {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class Text : public testing::Test {
 protected:
  [[nodiscard]] std::string text() const { return to_text(comparison_, terminal_); }

  Comparison comparison_ = sample_comparison();
  // A test's standard output may be a terminal.
  const Terminal terminal_{std::fopen("/dev/null", "w")};
};

TEST_F(Text, SaysWhatRanWhereAndThatItIsNoMeasureOfSpeed) {
  EXPECT_THAT(text(), AllOf(HasSubstr("server & <client>\n"), HasSubstr("Linux 6.1.0-test"),
                            HasSubstr(kCaution)));
}

TEST_F(Text, PutsTheTwoSidesOfACountInOneLine) {
  EXPECT_THAT(text(), ContainsRegex("\nevents delivered +100 +100 +1.00 +1.00\n"));
  EXPECT_THAT(text(), ContainsRegex("\nsystem calls +57 +57 +0.57 +0.57\n"));
  EXPECT_THAT(text(), ContainsRegex("\n  epoll_wait +50 +0 +0.50 +0.00\n"));
}

TEST_F(Text, PutsTheTwoSidesOfAStepInOneLine) {
  EXPECT_THAT(text(), ContainsRegex("packet to return +10 +8.000 +8.000 +8.000 +10 +16.000"));
}

TEST_F(Text, HasNoRatioWithoutEvents) {
  comparison_.xpoll.figures.events = 0;
  EXPECT_THAT(text(), ContainsRegex("\nwaits +50 +50 +0.50 +-\n"));
}

TEST_F(Text, ShowsNotes) {
  EXPECT_THAT(text(), Not(HasSubstr("note:")));
  comparison_.xpoll.notes = {"the command ended with status 3"};
  EXPECT_THAT(text(), HasSubstr("\nnote: on xpoll: the command ended with status 3\n"));
}

TEST_F(Text, SaysHowManySystemCallsItDoesNotShow) {
  EXPECT_THAT(text(), Not(HasSubstr("others")));
  for (int number = 1; number <= 11; ++number) comparison_.native.figures.system_calls[number] = 1;
  EXPECT_THAT(text(), HasSubstr("and 2 others"));
}

}  // namespace
}  // namespace probes::compare
