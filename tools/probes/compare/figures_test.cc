// SPDX-License-Identifier: GPL-2.0-only
#include "figures.h"

#include <gmock/gmock.h>

#include "sample_comparison.h"

namespace probes::compare {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

TEST(Figures, NameSystemCallsTheMostFrequentFirst) {
  counts figures{};
  figures.system_calls[0] = 3;
  figures.system_calls[281] = 5;
  figures.xpoll_commands[COUNTS_XPOLL_WAIT] = 4;
  EXPECT_THAT(calls_of(figures),
              ElementsAre(Field(&Call::name, "epoll_pwait"),
                          Field(&Call::name, "ioctl XPOLL_IOC_WAIT"), Field(&Call::name, "read")));
  EXPECT_EQ(all_calls(figures), 12);
}

TEST(Figures, NameACallThatTheyDoNotKnowByItsNumber) {
  counts figures{};
  figures.system_calls[511] = 1;
  figures.xpoll_commands[7] = 1;
  EXPECT_THAT(calls_of(figures),
              ElementsAre(Field(&Call::name, "system call 511"), Field(&Call::name, "ioctl 7")));
}

TEST(Figures, KnowNothingPerEventWhereThereWasNone) {
  counts figures{};
  EXPECT_EQ(per_event(3, figures), std::nullopt);
  figures.events = 2;
  EXPECT_EQ(per_event(3, figures), 1.5);
}

TEST(Figures, PutTheCallsOfBothSidesInOneRow) {
  const std::vector<CallRow> rows = call_rows(sample_comparison());
  EXPECT_THAT(rows, ElementsAre(Field(&CallRow::name, "epoll_wait"),
                                Field(&CallRow::name, "ioctl XPOLL_IOC_WAIT"),
                                Field(&CallRow::name, "read")));
  EXPECT_EQ(rows[0].native, 50);
  EXPECT_EQ(rows[0].xpoll, 0);
  EXPECT_EQ(rows[2].native, 7);
  EXPECT_EQ(rows[2].xpoll, 7);
}

TEST(Figures, HaveAStepBetweenAnyTwoNeighbours) {
  const std::vector<StepRow> rows = step_rows(sample_comparison());
  ASSERT_EQ(rows.size(), path::kStages - 1);
  EXPECT_EQ(rows.front().name, "netif_receive_skb → tcp_v4_rcv");
  EXPECT_EQ(rows.back().name, "tcp_poll → returned");
  for (const StepRow& row : rows) {
    EXPECT_TRUE(row.leaves_none_out);
    EXPECT_EQ(row.native.quantile(0.5), 1000);
    EXPECT_EQ(row.xpoll.quantile(0.5), 2000);
  }
}

TEST(Figures, TellAStepThatLeavesStagesOut) {
  Comparison comparison = sample_comparison();
  path::Event event = sample_event(path::Kind::xpoll, 1000);
  event.marks[index_of(path::Stage::waking)].reset();
  event.marks[index_of(path::Stage::running)].reset();
  comparison.xpoll.path.add(event);
  const std::vector<StepRow> rows = step_rows(comparison);
  ASSERT_EQ(rows.size(), path::kStages);
  const auto skipping = std::ranges::find(rows, false, &StepRow::leaves_none_out);
  ASSERT_NE(skipping, rows.end());
  EXPECT_EQ(skipping->name, "callback → tcp_poll");
  EXPECT_EQ(skipping->native.count(), 0);
  EXPECT_EQ(skipping->xpoll.quantile(0.5), 3000);
}

TEST(Figures, HaveNoStepsIfNothingWasFollowed) { EXPECT_THAT(step_rows(Comparison{}), IsEmpty()); }

TEST(Figures, SayWhichSideANoteIsOf) {
  Comparison comparison = sample_comparison();
  comparison.native.notes = {"a"};
  comparison.xpoll.notes = {"b"};
  EXPECT_THAT(all_notes(comparison), ElementsAre("on native epoll: a", "on xpoll: b"));
}

}  // namespace
}  // namespace probes::compare
