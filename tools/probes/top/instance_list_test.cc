// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/instance_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace top {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using xpoll::ListedInstance;

ListedInstance instance(std::uint64_t id, pid_t pid, std::uint64_t events,
                        const std::string& command) {
  ListedInstance one;
  one.id = id;
  one.pid = pid;
  one.events = events;
  one.comm = command;
  return one;
}

std::vector<ListedInstance> three() {
  return {instance(1, 30, 5, "nginx"), instance(2, 20, 9, "redis"), instance(3, 10, 5, "nginx")};
}

std::vector<std::uint64_t> ids(const std::vector<ListedInstance>& instances) {
  std::vector<std::uint64_t> ids;
  for (const ListedInstance& one : instances) ids.push_back(one.id);
  return ids;
}

TEST(InstanceList, IsSortedByEventsUnlessAskedOtherwise) {
  EXPECT_THAT(ids(select(three(), {})), ElementsAre(2, 1, 3));
  EXPECT_THAT(ids(select(three(), {.pids = {}, .command = "", .sort = "pid"})),
              ElementsAre(3, 2, 1));
}

TEST(InstanceList, HasAnOrderForEachOfItsKeys) {
  for (const std::string& key : list_sort_keys())
    EXPECT_EQ(select(three(), {.pids = {}, .command = "", .sort = key}).size(), 3U) << key;
}

TEST(InstanceList, ShowsOnlyMatchingCreators) {
  EXPECT_THAT(ids(select(three(), {.pids = {}, .command = "ngi", .sort = "events"})),
              ElementsAre(1, 3));
  EXPECT_THAT(ids(select(three(), {.pids = {20, 10}, .command = "", .sort = "events"})),
              ElementsAre(2, 3));
}

TEST(InstanceList, ATableShowsStateGroupAndSlots) {
  ListedInstance one = instance(7, 4711, 12, "worker");
  one.ready = one.waiting = true;
  one.slots = 64;
  EXPECT_THAT(instance_table({one}),
              AllOf(HasSubstr("worker"), HasSubstr("ready, waiting"),
                    HasSubstr("   7  4711    0      -     64"), HasSubstr("(1 instance)")));
  EXPECT_THAT(instance_table({}), HasSubstr("(0 instances)"));
}

TEST(InstanceList, ANameDoesNotReachTheTerminalUnseen) {
  EXPECT_THAT(instance_table({instance(1, 1, 0, "a\x1b[2J\xe4")}),
              AllOf(HasSubstr("a?[2J?"), Not(HasSubstr("\x1b"))));
}

TEST(InstanceList, JsonHasEachFigure) {
  const auto json = to_json({instance(7, 4711, 12, "worker")});
  EXPECT_EQ(json.at("type"), "instances");
  EXPECT_EQ(json.at("instances").at(0).at("id"), 7);
  EXPECT_EQ(json.at("instances").at(0).at("pid"), 4711);
  EXPECT_EQ(json.at("instances").at(0).at("events"), 12);
  EXPECT_EQ(json.at("instances").at(0).at("ready"), false);
}

}  // namespace
}  // namespace top
