// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path/assembler.h"

#include <gmock/gmock.h>

#include "probes/path/summary.h"

namespace probes::path {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint32_t kTask = 7;

/// The record of an event that passed each stage a nanosecond after the previous one.
path_event whole_event() {
  path_event record{};
  record.record = PATH_RECORD_EVENT;
  record.kind = PATH_XPOLL;
  for (std::size_t i = 0; i < std::size(record.marks); ++i) record.marks[i].ns = 100 + i;
  record.asleep_ns = 90;
  record.woken = record.marks[PATH_WAKING];
  record.fd = 5;
  record.packets = 1;
  record.tid = kTask;
  return record;
}

path_return its_return(std::uint32_t events = 1) {
  path_return record{};
  record.record = PATH_RECORD_RETURN;
  record.tid = kTask;
  record.mark.ns = 100 + PATH_RETURNED;
  record.events = events;
  record.ret = static_cast<__s32>(events);
  return record;
}

class AssemblerTest : public testing::Test {
 protected:
  template <typename T>
  void add(const T& record) {
    assembler_.add(std::as_bytes(std::span(&record, 1)));
  }

  std::vector<Event> events_;
  Assembler assembler_{[this](const Event& event) { events_.push_back(event); }};
};

TEST_F(AssemblerTest, AnEventIsWholeWhenItsWaitReturns) {
  add(whole_event());
  EXPECT_THAT(events_, IsEmpty());
  add(its_return());
  ASSERT_THAT(events_, SizeIs(1));
  for (const Stage stage : kAllStages) EXPECT_EQ(events_[0].at(stage)->ns, 100 + index_of(stage));
  EXPECT_EQ(events_[0].fd, 5);
  EXPECT_TRUE(events_[0].came_to_sleeper());
  EXPECT_TRUE(events_[0].ordered());
  EXPECT_EQ(assembler_.incomplete(), 0U);
}

TEST_F(AssemblerTest, AnotherTasksReturnIsNone) {
  add(whole_event());
  path_return other = its_return(0);
  other.tid = kTask + 1;
  add(other);
  EXPECT_THAT(events_, IsEmpty());
}

TEST_F(AssemblerTest, AnEventWhoseReturnWasLostIsNotTheNextOnes) {
  add(whole_event());
  path_event next = whole_event();
  next.fd = 6;
  add(next);
  add(its_return(1));
  ASSERT_THAT(events_, SizeIs(1));
  EXPECT_EQ(events_[0].fd, 6);
  EXPECT_EQ(assembler_.incomplete(), 1U);
}

TEST_F(AssemblerTest, AnEventWhoseReturnNeverCameIsCounted) {
  add(whole_event());
  EXPECT_EQ(assembler_.incomplete(), 0U);
  assembler_.end();
  assembler_.end();
  EXPECT_THAT(events_, IsEmpty());
  EXPECT_EQ(assembler_.incomplete(), 1U);
}

TEST_F(AssemblerTest, WhatLacksAStageIsCountedAndLeftOut) {
  for (const int stage : {PATH_RECEIVED, PATH_TCP, PATH_ESTABLISHED, PATH_READABLE, PATH_POLLED}) {
    path_event record = whole_event();
    record.marks[stage].ns = 0;
    add(record);
    add(its_return());
  }
  EXPECT_THAT(events_, IsEmpty());
  EXPECT_EQ(assembler_.incomplete(), 5U);
}

TEST_F(AssemblerTest, AWaitThatFailsDeliversNothing) {
  add(whole_event());
  path_return failed = its_return();
  failed.ret = -14;
  add(failed);
  EXPECT_THAT(events_, IsEmpty());
  EXPECT_EQ(assembler_.incomplete(), 1U);
}

TEST_F(AssemblerTest, RecordsThatAreNoneAreRefused) {
  EXPECT_THROW(add(std::uint16_t{0}), std::runtime_error);
  EXPECT_THROW(add(std::uint32_t{77}), std::runtime_error);
  EXPECT_THROW(add(std::uint32_t{PATH_RECORD_EVENT}), std::runtime_error);
  EXPECT_THROW(add(its_return(1)), std::runtime_error);
}

/// An event whose task was woken by something else, `after_callback` ns after its callback.
path_event event_of_woken_task(std::int64_t after_callback, std::uint32_t cpu = 0) {
  path_event record = whole_event();
  record.woken = {.ns = record.marks[PATH_CALLBACK].ns + after_callback, .tid = 0, .cpu = cpu};
  record.marks[PATH_WAKING].ns = record.marks[PATH_RUNNING].ns = 0;
  return record;
}

TEST_F(AssemblerTest, AnEventBehindTheOneThatWokeDidNotComeToASleeper) {
  const path_event record = event_of_woken_task(-1);
  ASSERT_GT(record.woken.ns, record.asleep_ns);
  add(record);
  add(its_return());
  ASSERT_THAT(events_, SizeIs(1));
  EXPECT_FALSE(events_[0].came_to_sleeper());
}

TEST_F(AssemblerTest, ATaskThatIsWokenAsItLeavesItsProcessorIsNoSleeper) {
  path_event record = event_of_woken_task(-5);
  record.asleep_ns = record.woken.ns + 1;
  add(record);
  add(its_return());
  ASSERT_THAT(events_, SizeIs(1));
  EXPECT_FALSE(events_[0].came_to_sleeper());
}

TEST_F(AssemblerTest, ACallbackOnAnotherProcessorMayWakeFirst) {
  add(event_of_woken_task(1, 1));
  add(its_return());
  ASSERT_THAT(events_, SizeIs(1));
  EXPECT_FALSE(events_[0].came_to_sleeper());
}

TEST_F(AssemblerTest, AWakeUpThatWasNotSeenIsMissedNotExplainedAway) {
  add(event_of_woken_task(1, 0));
  add(its_return());
  path_event unseen = event_of_woken_task(0);
  unseen.woken = {};
  add(unseen);
  add(its_return());
  ASSERT_THAT(events_, SizeIs(2));
  EXPECT_TRUE(events_[0].came_to_sleeper());
  EXPECT_TRUE(events_[1].came_to_sleeper());
}

TEST_F(AssemblerTest, ASummaryHasAStepForEachStageThatIsThere) {
  add(whole_event());
  add(its_return());
  path_event not_woken = whole_event();
  not_woken.marks[PATH_WAKING].ns = not_woken.marks[PATH_RUNNING].ns = 0;
  add(not_woken);
  add(its_return());
  Summary summary;
  for (const Event& event : events_) summary.add(event);

  const KindSummary& xpoll = summary.of(Kind::xpoll);
  EXPECT_EQ(summary.events(), 2U);
  EXPECT_EQ(xpoll.woken, 1U);
  EXPECT_EQ(xpoll.not_asleep, 1U);
  EXPECT_THAT(xpoll.steps, SizeIs(9));
  EXPECT_EQ(xpoll.steps.at({Stage::received, Stage::tcp}).count(), 2U);
  EXPECT_EQ(xpoll.steps.at({Stage::callback, Stage::polled}).max(), 3U);
  EXPECT_EQ(xpoll.total.max(), 8U);
  EXPECT_EQ(summary.of(Kind::native).events, 0U);
}

TEST_F(AssemblerTest, WhatIsOutOfOrderIsNotInTheFigures) {
  path_event record = whole_event();
  record.marks[PATH_CALLBACK].ns = 1;
  add(record);
  add(its_return());
  Summary summary;
  summary.add(events_.at(0));
  EXPECT_EQ(summary.of(Kind::xpoll).out_of_order, 1U);
  EXPECT_THAT(summary.of(Kind::xpoll).steps, IsEmpty());
}

}  // namespace
}  // namespace probes::path
