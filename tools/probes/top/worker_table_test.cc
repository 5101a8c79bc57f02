// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/worker_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace top {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

/// Two workers of one instance. The second one got no events and hung the whole time.
Interval two_workers() {
  Interval interval;
  interval.seconds = 2;
  Row row;
  row.kind = TOP_XPOLL;
  row.ep = 0xabc;
  row.holders = {{.pid = 10, .fd = 3, .command = "nginx"}};
  interval.rows = {row};
  Worker worker;
  worker.ep = row.ep;
  worker.pid = worker.tid = 4711;
  worker.command = "nginx";
  worker.events = 30;
  worker.away_ns = 100'000'000;
  worker.longest_away_ns = 1'500'000;
  interval.workers = {worker, worker};
  interval.workers[1].tid = 4712;
  interval.workers[1].events = 0;
  interval.workers[1].away_ns = 2'000'000'000;
  interval.workers[1].longest_away_ns = 12'345'600'000;
  return interval;
}

TEST(WorkerTableTest, EachWorkerHasARowAndEachGroupALine) {
  EXPECT_EQ(worker_table(two_workers()),
            "COMMAND  KIND    PID   TID  GROUP  EVENTS/s  SHARE %  AWAY %  LONGEST ms\n"
            "nginx    xpoll  4711  4711      1      15.0    100.0     5.0         1.5\n"
            "nginx    xpoll  4711  4712      1       0.0      0.0   100.0     12345.6\n"
            "group 1 (instance 0xabc): 2 workers, max:min - (30 to 0 events)\n");
}

TEST(WorkerTableTest, TheRatioIsOfTheBusiestToTheLeastBusy) {
  Interval interval = two_workers();
  interval.workers[1].events = 20;
  EXPECT_THAT(worker_table(interval), HasSubstr("max:min 1.50 (30 to 20 events)"));
}

TEST(WorkerTableTest, AGroupOfOneHasNoLine) {
  Interval interval = two_workers();
  interval.workers.resize(1);
  EXPECT_THAT(worker_parts_of(interval, 80).sums, IsEmpty());
}

TEST(WorkerTableTest, TheRowsHaveRoomInEightyColumnsOrLoseTheLessImportantOnes) {
  Interval interval = two_workers();
  EXPECT_THAT(worker_parts_of(interval, 80).left_out, IsEmpty());
  for (Worker& worker : interval.workers) {
    worker.command = "a-long-command-";
    worker.pid = worker.tid = 4'194'304;
  }
  const Parts parts = worker_parts_of(interval, 80);
  EXPECT_THAT(parts.left_out, ElementsAre("PID"));
  EXPECT_THAT(parts.header,
              AllOf(StartsWith("COMMAND"), HasSubstr("TID"), SizeIs(testing::Le(80U))));
}

TEST(WorkerTableTest, WhatTheFiguresLeaveOutIsSaid) {
  Interval interval = two_workers();
  interval.lost.full.workers = 3;
  EXPECT_THAT(worker_table(interval), HasSubstr("too many workers: waits: 3"));
}

}  // namespace
}  // namespace top
