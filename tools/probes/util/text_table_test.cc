// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/text_table.h"

#include <gmock/gmock.h>

#include <array>

namespace probes {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TextTable table() {
  TextTable table({"name", "a", "bcd", "e"});
  table.add({"x", "10", "2", "3"});
  return table;
}

// The last first, then the first after the name.
constexpr std::array<std::size_t, 2> kExpendable{3, 1};

TEST(TextTableTest, KeepsAllColumnsThatHaveRoom) {
  TextTable table = probes::table();
  EXPECT_THAT(table.fit(16, kExpendable), IsEmpty());
  EXPECT_THAT(table.lines(), ElementsAre("name   a  bcd  e", "x     10    2  3"));
}

TEST(TextTableTest, LeavesOutNoMoreColumnsThanItMust) {
  TextTable table = probes::table();
  EXPECT_THAT(table.fit(15, kExpendable), ElementsAre("e"));
  EXPECT_THAT(table.lines(), ElementsAre("name   a  bcd", "x     10    2"));
}

TEST(TextTableTest, KeepsWhatIsNotExpendable) {
  TextTable table = probes::table();
  EXPECT_THAT(table.fit(1, kExpendable), ElementsAre("e", "a"));
  EXPECT_THAT(table.lines(), ElementsAre("name  bcd", "x       2"));
}

}  // namespace
}  // namespace probes
