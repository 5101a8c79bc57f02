// SPDX-License-Identifier: GPL-2.0-only
#include "tools/util/text_table.h"

#include <gmock/gmock.h>

#include <array>

namespace xpoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TextTable table() {
  TextTable table(columns_of({"name", "a", "bcd", "e"}));
  table.add({"x", "10", "2", "3"});
  return table;
}

// First the last column, then the one after the name.
constexpr std::array<std::size_t, 2> kExpendable{3, 1};

TEST(TextTableTest, KeepsAllColumnsThatHaveRoom) {
  TextTable table = xpoll::table();
  EXPECT_THAT(table.fit(16, kExpendable), IsEmpty());
  EXPECT_THAT(table.lines(), ElementsAre("name   a  bcd  e", "x     10    2  3"));
}

TEST(TextTableTest, LeavesOutNoMoreColumnsThanItMust) {
  TextTable table = xpoll::table();
  EXPECT_THAT(table.fit(15, kExpendable), ElementsAre("e"));
  EXPECT_THAT(table.lines(), ElementsAre("name   a  bcd", "x     10    2"));
}

TEST(TextTableTest, KeepsWhatIsNotExpendable) {
  TextTable table = xpoll::table();
  EXPECT_THAT(table.fit(1, kExpendable), ElementsAre("e", "a"));
  EXPECT_THAT(table.lines(), ElementsAre("name  bcd", "x       2"));
}

TEST(TextTableTest, KeepsColumnsAsWideAsToldAndNoNarrowerThanTheirCells) {
  TextTable table({left("name", 6), right("a", 3), right("b", 2)}, 1);
  table.add({"x", "1", "100"});
  EXPECT_THAT(table.lines(), ElementsAre("name     a   b", "x        1 100"));
}

TEST(TextTableTest, SeparatesRightFromLeftByTwoBlanksAtLeast) {
  TextTable table({right("a"), left("b"), left("c")}, 1);
  table.add({"10", "x", "y"});
  EXPECT_THAT(table.lines(), ElementsAre(" a  b c", "10  x y"));
}

TEST(TextTableTest, HasNoLineOfHeadsWithoutHeads) {
  TextTable table({left(), right()});
  table.add({"name", "1"});
  EXPECT_EQ(table.text(), "name  1\n");
}

TEST(TextTableTest, IsMarkdownThatCanBeReadAsItIs) {
  TextTable table(columns_of({"a", "b"}));
  table.add({"long", "1"});
  EXPECT_EQ(table.markdown(),
            "| a    | b |\n"
            "|------|--:|\n"
            "| long | 1 |\n");
}

}  // namespace
}  // namespace xpoll
