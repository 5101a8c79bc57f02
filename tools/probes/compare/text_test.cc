// SPDX-License-Identifier: GPL-2.0-only
#include "text.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

#include "sample_comparison.h"

namespace probes::compare {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Number of characters: bytes that do not continue a UTF-8 sequence.
std::ptrdiff_t columns(const std::string& line) {
  return std::ranges::count_if(line, [](char byte) { return (byte & 0xc0) != 0x80; });
}

class Text : public testing::Test {
 protected:
  [[nodiscard]] std::string text(Histograms histograms = Histograms::no) const {
    return to_text(comparison_, histograms, terminal_);
  }

  Comparison comparison_ = sample_comparison();
  // Not standard output, which may be a terminal.
  const Terminal terminal_{std::fopen("/dev/null", "w")};
};

TEST_F(Text, SaysWhatRanWhereAndThatItIsNoMeasureOfSpeed) {
  EXPECT_THAT(text(), AllOf(HasSubstr("server & <client>\n"),
                            HasSubstr("Linux 6.1.0-test on a machine for tests, 2026-11-28"),
                            HasSubstr("never speed")));
}

TEST_F(Text, LeadsWithTheVerdictAndTheCounts) {
  EXPECT_THAT(text(), StartsWith("server & <client>\n- the same work: 100 events on each\n"));
  EXPECT_LT(text().find("\ncounts "), text().find("\nmicroseconds "));
}

TEST_F(Text, HasHistogramsOnlyIfAskedTo) {
  EXPECT_THAT(text(), Not(HasSubstr("|**")));
  EXPECT_THAT(text(Histograms::yes), HasSubstr("|**"));
}

TEST_F(Text, IsNoWiderThanAHundredColumns) {
  comparison_.what = std::string(70, 'x') + " " + std::string(150, 'y');
  comparison_.remark = std::string(70, 'z') + " " + std::string(70, 'z');
  comparison_.native.notes = {std::string(90, 'n') + " " + std::string(90, 'n')};
  path::Event late = sample_event(path::Kind::native, 999'999'999'999);
  late.marks[index_of(path::Stage::callback)].reset();
  late.marks[index_of(path::Stage::waking)].reset();
  late.marks[index_of(path::Stage::running)].reset();
  comparison_.native.path.add(late);
  std::istringstream lines(text(Histograms::yes));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), 100) << line;
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
  comparison_.xpoll.path = comparison_.native.path;
  EXPECT_THAT(text(), Not(HasSubstr("note:")));
  comparison_.xpoll.notes = {"the command ended with status 3"};
  EXPECT_THAT(text(), HasSubstr("\nnote: on xpoll: the command ended with status 3\n"));
}

TEST_F(Text, SaysHowManySystemCallsItDoesNotShow) {
  EXPECT_THAT(text(), Not(HasSubstr("less frequent")));
  for (int number = 1; number <= 11; ++number) comparison_.native.figures.system_calls[number] = 1;
  EXPECT_THAT(text(), HasSubstr("and 2 less frequent ones"));
}

}  // namespace
}  // namespace probes::compare
