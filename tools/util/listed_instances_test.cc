// SPDX-License-Identifier: GPL-2.0-only
#include "listed_instances.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace xpoll {
namespace {

constexpr const char* kHeads =
    "id uid pid group slots watches watchers ready waiting close_removes added callbacks wakeups "
    "scans events overflows comm\n";

std::string list_of(const std::string& lines) { return kHeads + lines; }

TEST(ListedInstances, AListOfNoneIsEmpty) { EXPECT_TRUE(parse_listed_instances(kHeads).empty()); }

TEST(ListedInstances, EachFigureIsReadByItsHead) {
  const auto instances = parse_listed_instances(
      list_of("1 2 3 4 64 6 7 1 0 1 11 12 13 14 18446744073709551615 16 nginx\n"));
  ASSERT_EQ(instances.size(), 1U);
  const ListedInstance& instance = instances.front();
  EXPECT_EQ(instance.id, 1U);
  EXPECT_EQ(instance.uid, 2U);
  EXPECT_EQ(instance.pid, 3);
  EXPECT_EQ(instance.group, 4U);
  EXPECT_EQ(instance.slots, 64U);
  EXPECT_EQ(instance.watches, 6U);
  EXPECT_EQ(instance.watchers, 7U);
  EXPECT_TRUE(instance.ready);
  EXPECT_FALSE(instance.waiting);
  EXPECT_TRUE(instance.close_removes);
  EXPECT_EQ(instance.added, 11U);
  EXPECT_EQ(instance.callbacks, 12U);
  EXPECT_EQ(instance.wakeups, 13U);
  EXPECT_EQ(instance.scans, 14U);
  EXPECT_EQ(instance.events, 18446744073709551615U);
  EXPECT_EQ(instance.overflows, 16U);
  EXPECT_EQ(instance.comm, "nginx");
}

TEST(ListedInstances, ANameMayHaveBlanksAndEscapes) {
  const auto instances = parse_listed_instances(list_of(
      "1 0 3 0 0 0 0 0 0 0 0 0 0 0 0 0 a b\\012\\134c\n2 0 3 0 0 0 0 0 0 0 0 0 0 0 0 0 \n"));
  ASSERT_EQ(instances.size(), 2U);
  EXPECT_EQ(instances[0].comm, "a b\n\\c");
  EXPECT_EQ(instances[1].comm, "");
}

TEST(ListedInstances, AColumnThatIsNotKnownIsIgnored) {
  std::string text = list_of("1 0 3 0 0 0 0 0 0 0 0 0 0 0 0 0 redis\n");
  text.replace(0, 2, "new id");
  text.insert(text.find('\n') + 1, "77 ");
  EXPECT_EQ(parse_listed_instances(text).at(0).id, 1U);
  EXPECT_EQ(parse_listed_instances(text).at(0).comm, "redis");
}

TEST(ListedInstances, AMissingColumnIsAnError) {
  EXPECT_THROW(parse_listed_instances("id comm\n1 a\n"), std::runtime_error);
}

TEST(ListedInstances, ALineWithoutNumbersIsAnError) {
  EXPECT_THROW(parse_listed_instances(list_of("oops\n")), std::runtime_error);
}

}  // namespace
}  // namespace xpoll
