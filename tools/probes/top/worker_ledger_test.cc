// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/worker_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace top {
namespace {

using testing::SizeIs;

/// A worker as the BPF program stores it.
WorkerSeen seen(std::uint64_t events = 0) {
  WorkerSeen seen;
  seen.key = {.ep = 1, .instance_since = 1, .thread_since = 1, .tid = 7, .zero = 0};
  seen.worker.events = events;
  return seen;
}

WorkerSeen in_a_wait(std::int64_t away_ns) {
  WorkerSeen waiting = seen();
  waiting.worker.away_ns = away_ns;
  return waiting;
}

/// Away since `left`, after earlier absences of `before` in all.
WorkerSeen away(std::int64_t left, std::int64_t before = 0) {
  WorkerSeen absent = seen();
  absent.worker.left = static_cast<std::uint64_t>(left);
  absent.worker.away_ns = before - left;
  return absent;
}

class WorkerLedgerTest : public testing::Test {
 protected:
  Worker at(std::uint64_t ns, const WorkerSeen& seen) {
    Observation observation;
    observation.ns = ns;
    observation.turn = turn_++;
    observation.workers = {seen};
    return ledger_.workers(observation).at(0);
  }

  WorkerLedger ledger_;
  std::uint64_t turn_ = 0;
};

TEST_F(WorkerLedgerTest, EventsAreTheDifference) {
  at(1000, seen(10));
  EXPECT_EQ(at(2000, seen(25)).events, 15U);
}

TEST_F(WorkerLedgerTest, AnotherThreadOfTheSameNumberBeginsAnew) {
  at(1000, seen(10));
  WorkerSeen another = seen(3);
  another.key.thread_since = 2;
  EXPECT_EQ(at(2000, another).events, 3U);
}

TEST_F(WorkerLedgerTest, OneThatWaitsAllTheTimeIsNotAway) {
  at(1000, in_a_wait(300));
  const Worker worker = at(2000, in_a_wait(300));
  EXPECT_EQ(worker.away_ns, 0U);
  EXPECT_EQ(worker.longest_away_ns, 0U);
}

TEST_F(WorkerLedgerTest, AnAbsenceOverBordersIsOfEachIntervalInPart) {
  at(1000, in_a_wait(300));
  EXPECT_EQ(at(2000, away(1900, 300)).away_ns, 100U);
  EXPECT_EQ(at(3000, away(1900, 300)).away_ns, 1000U);
  EXPECT_EQ(at(4000, in_a_wait(300 + 1300)).away_ns, 200U);
  EXPECT_EQ(at(5000, in_a_wait(300 + 1300)).away_ns, 0U);
}

TEST_F(WorkerLedgerTest, AnAbsenceThatBeganBeforeTheFirstIntervalIsNotOfIt) {
  at(1000, away(100));
  EXPECT_EQ(at(2000, away(100)).away_ns, 1000U);
}

TEST_F(WorkerLedgerTest, TheLongestIsCountedFromWhereItBegan) {
  at(1000, away(900));
  EXPECT_EQ(at(2000, away(900)).longest_away_ns, 1100U);
}

TEST_F(WorkerLedgerTest, TheLongestThatEndedIsOfTheTurnInWhichItEnded) {
  at(1000, in_a_wait(0));
  WorkerSeen back = in_a_wait(700);
  back.worker.longest_ns = 500;
  back.worker.turn = turn_;
  EXPECT_EQ(at(2000, back).longest_away_ns, 500U);
  EXPECT_EQ(at(3000, back).longest_away_ns, 0U);
}

TEST_F(WorkerLedgerTest, OneThatLeavesWhileItIsReadIsNotAwayYet) {
  at(1000, in_a_wait(0));
  EXPECT_EQ(at(2000, away(2001)).away_ns, 0U);
  EXPECT_EQ(at(3000, away(2001)).away_ns, 999U);
}

TEST_F(WorkerLedgerTest, WhatIsBeyondTheIntervalIsOfTheNext) {
  at(1000, away(1000));
  EXPECT_EQ(at(2000, in_a_wait(1010)).away_ns, 1000U);
  EXPECT_EQ(at(3000, in_a_wait(1010)).away_ns, 10U);
}

TEST_F(WorkerLedgerTest, OneThatIsGoneIsToldOfWithWhatItDidLast) {
  at(1000, seen(1));
  WorkerSeen last = away(1500);
  last.worker.events = 3;
  last.gone = true;
  const Worker worker = at(2000, last);
  EXPECT_TRUE(worker.ended);
  EXPECT_EQ(worker.events, 2U);
  EXPECT_EQ(worker.away_ns, 0U);
}

}  // namespace
}  // namespace top
