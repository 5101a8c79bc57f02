// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace top {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Row row(std::uint64_t ep, top_kind kind = TOP_XPOLL) {
  Row row;
  row.kind = kind;
  row.ep = ep;
  row.seen_since = 1;
  row.holders = {{.pid = 10, .fd = 3, .command = "nginx"}};
  return row;
}

Worker worker(std::uint64_t ep, pid_t tid, std::uint64_t events) {
  Worker worker;
  worker.ep = ep;
  worker.instance_since = 1;
  worker.tid = tid;
  worker.parent = 10;
  worker.command = "nginx";
  worker.events = events;
  return worker;
}

Worker worker_on_file(std::uint64_t ep, pid_t tid, std::uint64_t inode) {
  Worker of_file = worker(ep, tid, 0);
  of_file.file = FileNumber{.device = 8, .inode = inode};
  return of_file;
}

std::vector<pid_t> tids(const Group& group) {
  std::vector<pid_t> tids;
  for (const Worker& worker : group.workers) tids.push_back(worker.tid);
  return tids;
}

TEST(WorkerTest, ThoseOfOneInstanceAreAGroupTheBusiestFirst) {
  const auto groups = groups_of({row(1)}, {worker(1, 7, 5), worker(1, 8, 9)});
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_EQ(groups[0].common, Common::instance);
  EXPECT_THAT(tids(groups[0]), ElementsAre(8, 7));
}

TEST(WorkerTest, ThoseWhoseInstancesWatchOneFileExclusivelyAreAGroup) {
  const auto groups =
      groups_of({row(1), row(2), row(3)},
                {worker_on_file(1, 7, 100), worker_on_file(2, 8, 100), worker_on_file(3, 9, 101)});
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_EQ(groups[0].common, Common::file);
  EXPECT_THAT(tids(groups[0]), ElementsAre(7, 8));
  EXPECT_THAT(tids(groups[1]), ElementsAre(9));
}

TEST(WorkerTest, OtherwiseThoseOfOneProgramAndParentAreAGroup) {
  std::vector<Worker> workers{worker(1, 7, 0), worker(2, 8, 0), worker(3, 9, 0), worker(4, 10, 0)};
  workers[2].command = "redis";
  workers[3].parent = 11;
  const auto groups = groups_of({row(1), row(2), row(3), row(4)}, workers);
  ASSERT_THAT(groups, SizeIs(3));
  EXPECT_EQ(groups[0].common, Common::program);
  EXPECT_THAT(tids(groups[0]), ElementsAre(7, 8));
}

TEST(WorkerTest, NativeOnesAndThoseOfXpollAreApart) {
  EXPECT_THAT(groups_of({row(1), row(2, TOP_NATIVE)}, {worker(1, 7, 0), worker(2, 8, 0)}),
              SizeIs(2));
}

TEST(WorkerTest, OnlyThoseOfInstancesThatAreShownAreShownInTheirOrder) {
  std::vector<Worker> workers{worker(1, 7, 0), worker(2, 8, 0), worker(3, 9, 0)};
  for (Worker& worker : workers) worker.parent = worker.tid;
  const auto groups = groups_of({row(3), row(1)}, workers);
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_THAT(tids(groups[0]), ElementsAre(9));
  EXPECT_THAT(tids(groups[1]), ElementsAre(7));
}

TEST(WorkerTest, OneOfAnEarlierInstanceAtTheSameAddressIsNotTheNextOnes) {
  Worker earlier = worker(1, 7, 0);
  earlier.instance_since = 0;
  EXPECT_THAT(groups_of({row(1)}, {earlier}), IsEmpty());
}

TEST(WorkerTest, AShareIsOfTheEventsOfTheGroup) {
  const auto groups = groups_of({row(1)}, {worker(1, 7, 1), worker(1, 8, 3)});
  EXPECT_EQ(groups[0].events(), 4U);
  EXPECT_EQ(groups[0].share(groups[0].workers[0]), 0.75);
  EXPECT_EQ(groups[0].share(groups[0].workers[1]), 0.25);
  EXPECT_EQ(groups[0].max_min(), 3.0);
}

TEST(WorkerTest, OneThatHasNoneHasNoRatioToTheBusiest) {
  const auto groups = groups_of({row(1)}, {worker(1, 7, 0), worker(1, 8, 3)});
  EXPECT_EQ(groups[0].max_min(), std::nullopt);
  EXPECT_EQ(groups[0].most(), 3U);
  EXPECT_EQ(groups[0].least(), 0U);
  EXPECT_EQ(groups[0].share(groups[0].workers[1]), 0.0);
}

TEST(WorkerTest, WithoutEventsThereAreNoShares) {
  const auto groups = groups_of({row(1)}, {worker(1, 7, 0), worker(1, 8, 0)});
  EXPECT_EQ(groups[0].share(groups[0].workers[0]), std::nullopt);
  EXPECT_EQ(groups[0].max_min(), std::nullopt);
}

TEST(WorkerTest, TheOnlyOneIsComparedWithNobody) {
  const auto groups = groups_of({row(1)}, {worker(1, 7, 4)});
  EXPECT_EQ(groups[0].share(groups[0].workers[0]), 1.0);
  EXPECT_EQ(groups[0].max_min(), std::nullopt);
}

}  // namespace
}  // namespace top
