// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/page.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace top {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::Field;
using testing::HasSubstr;
using testing::Le;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr Watched kBoth{true, true};

Interval interval_of(int instances) {
  Interval interval;
  interval.seconds = 1;
  for (int i = 0; i < instances; ++i) {
    Row row;
    row.ep = static_cast<std::uint64_t>(i);
    row.holders = {{.pid = 1000 + i, .fd = 3, .command = fmt::format("command-{}", i)}};
    row.figures.events = static_cast<std::uint64_t>(100 - i);
    row.figures.scan_ns = static_cast<std::uint64_t>(i) * 1000;
    interval.rows.push_back(row);
  }
  return interval;
}

class PageTest : public testing::Test {
 protected:
  [[nodiscard]] std::vector<Line> lines(std::size_t rows, std::size_t columns) const {
    return page(interval_, kBoth, notes_, view_, {.rows = rows, .columns = columns});
  }

  Interval interval_ = interval_of(30);
  std::vector<std::string> notes_{"a note of some length that a narrow terminal has to break"};
  View view_{"events"};
};

auto text(const testing::Matcher<std::string>& matcher) { return Field(&Line::text, matcher); }

TEST_F(PageTest, FillsAnyTerminalAndNoMore) {
  for (std::size_t rows = 1; rows < 50; ++rows)
    for (std::size_t columns = 1; columns < 150; ++columns) {
      const std::vector<Line> page = lines(rows, columns);
      ASSERT_THAT(page, SizeIs(rows));
      ASSERT_THAT(page, Each(text(SizeIs(Le(columns)))));
      ASSERT_EQ(page.back().style, Style::reverse);
    }
}

TEST_F(PageTest, ShowsAllThatHasRoom) {
  const std::vector<Line> page = lines(50, 150);
  EXPECT_THAT(page[0], Line({notes_[0], Style::dim}));
  EXPECT_THAT(page[1].text, AllOf(StartsWith("COMMAND"), HasSubstr("SCAN us")));
  EXPECT_THAT(page[2].text, StartsWith("command-0 "));
  EXPECT_THAT(page[31].text, StartsWith("command-29 "));
  EXPECT_THAT(page[32].text, StartsWith("(30 instances)"));
  EXPECT_THAT(page.back().text, StartsWith("q: quit  s: sort (events)  f: filter (none)"));
}

TEST_F(PageTest, TellsHowManyRowsHaveNoRoom) {
  const std::vector<Line> page = lines(20, 150);
  EXPECT_THAT(page, Contains(text("(16 more instances)")));
  EXPECT_THAT(page, Contains(text(StartsWith("command-13 "))));
  EXPECT_THAT(page, Not(Contains(text(StartsWith("command-14 ")))));
  EXPECT_THAT(page, Contains(text(StartsWith("(30 instances)"))));
}

TEST_F(PageTest, NarrowTerminalsLoseTheLessImportantColumnsAndAreToldWhich) {
  const std::vector<Line> page = lines(24, 80);
  EXPECT_THAT(page, Contains(text(AllOf(StartsWith("COMMAND"), HasSubstr("EVENTS/s"),
                                        Not(HasSubstr("OVERFLOWS")), Not(HasSubstr("SCAN us"))))));
  EXPECT_THAT(page.back().text, HasSubstr("no room for OVERFLOWS"));
}

TEST_F(PageTest, TheColumnThatRowsAreSortedByStays) {
  view_ = View("scan");
  const std::vector<Line> page = lines(24, 40);
  EXPECT_THAT(page, Contains(text(AllOf(StartsWith("COMMAND"), HasSubstr("SCAN us")))));
  EXPECT_THAT(page, Contains(text(StartsWith("command-29 "))));
}

TEST_F(PageTest, ShortTerminalsLoseTheNotesBeforeTheRows) {
  const std::vector<Line> page = lines(9, 150);
  EXPECT_THAT(page[0].text, StartsWith("COMMAND"));
  EXPECT_THAT(page[1].text, StartsWith("command-0 "));
}

TEST_F(PageTest, ShowsWhatPassesTheFilter) {
  for (const char key : {'f', '-', '1', '2', '\n'}) view_.press(key);
  const std::vector<Line> page = lines(24, 150);
  EXPECT_THAT(page, Contains(text(StartsWith("command-12 "))));
  EXPECT_THAT(page, Not(Contains(text(StartsWith("command-13 ")))));
  EXPECT_THAT(page, Contains(text(StartsWith("(1 instance)"))));
}

TEST_F(PageTest, ShowsWorkersOfWhatPassesTheFilterInPlaceOfInstances) {
  for (const Row& row : interval_.rows)
    for (int i = 0; i < 2; ++i) {
      Worker& worker = interval_.workers.emplace_back();
      worker.ep = row.ep;
      worker.command = row.holders.front().command;
    }
  view_ = View("events", true);
  for (const char key : {'f', '-', '1', '2', '\n'}) view_.press(key);
  std::vector<Line> page = lines(24, 150);
  EXPECT_THAT(page, Contains(text(AllOf(StartsWith("COMMAND"), HasSubstr("SHARE %")))));
  EXPECT_THAT(page, Contains(text(StartsWith("command-12 "))).Times(2));
  EXPECT_THAT(page, Not(Contains(text(StartsWith("command-13 ")))));
  EXPECT_THAT(page, Contains(text(StartsWith("group 1 "))));
  view_ = View("events", true);
  EXPECT_THAT(lines(40, 150), Contains(text(testing::ContainsRegex("[0-9]+ more workers"))));
}

TEST_F(PageTest, AMessageHasTheFooterBelow) {
  const std::vector<Line> message = page("loading", "keys", {.rows = 3, .columns = 10});
  EXPECT_THAT(message, testing::ElementsAre(Line{"loading", Style::plain}, Line{"", Style::plain},
                                            Line{"keys      ", Style::reverse}));
}

}  // namespace
}  // namespace top
