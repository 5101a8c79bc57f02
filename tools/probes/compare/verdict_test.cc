// SPDX-License-Identifier: GPL-2.0-only
#include "verdict.h"

#include <gmock/gmock.h>

#include "sample_comparison.h"

namespace probes::compare {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

/// Both sides take equal times for the same code, and xpoll takes `own_step_ns` for its own steps.
Comparison even_comparison(std::uint64_t own_step_ns) {
  Comparison comparison = sample_comparison();
  comparison.xpoll.path = {};
  path::Event event = sample_event(path::Kind::xpoll, 1000);
  for (std::size_t stage = index_of(path::Stage::callback); stage < path::kStages; ++stage)
    event.marks[stage]->ns = event.marks[stage - 1]->ns + own_step_ns;
  comparison.xpoll.path.add(event);
  return comparison;
}

TEST(Verdict, TellsTheWorkThePricesAndTheStagesOfTheTwosOwn) {
  EXPECT_THAT(
      verdict(even_comparison(900)),
      ElementsAre("the same work: 100 events on each",
                  "for each event, xpoll against native epoll: system calls the same, waits the "
                  "same",
                  "from sock_def_readable to the return, medians added up: 5.000 us on native "
                  "epoll, 4.500 us on xpoll (-10 %)"));
}

TEST(Verdict, SaysThatTheWorkWasNotTheSame) {
  Comparison comparison = even_comparison(1000);
  comparison.xpoll.figures.events = 50;
  EXPECT_THAT(verdict(comparison),
              ElementsAre("not the same work: 100 events on native epoll, 50 on xpoll",
                          HasSubstr("system calls +100 %, waits +100 %"), HasSubstr("the same")));
}

TEST(Verdict, SaysThatXpollWasNotUsed) {
  Comparison comparison = even_comparison(1000);
  comparison.xpoll.figures.xpoll_instances = 0;
  EXPECT_EQ(verdict(comparison).front(),
            "nothing to compare: the command made no instance of xpoll");
}

TEST(Verdict, ComparesNoTimesOfRunsThatDrifted) {
  EXPECT_EQ(verdict(sample_comparison()).back(), "the times can't be compared: see the note");
}

TEST(Drift, IsWhatTheSameCodeTellsNotWhatTheTwosOwnDoes) {
  EXPECT_EQ(drift(even_comparison(3000)), std::nullopt);
  EXPECT_THAT(drift(sample_comparison()),
              Optional(HasSubstr("netif_receive_skb → tcp_v4_rcv took 1.000 us on native epoll, "
                                 "2.000 us on xpoll; tcp_v4_rcv → tcp_rcv_established took ")));
}

TEST(Drift, AllowsForNoise) {
  const auto with = [](std::uint64_t step_ns) {
    Comparison comparison = sample_comparison();
    comparison.xpoll.path = {};
    comparison.xpoll.path.add(sample_event(path::Kind::xpoll, step_ns));
    return drift(comparison);
  };
  EXPECT_EQ(with(1050), std::nullopt);
  EXPECT_NE(with(1051), std::nullopt);
  EXPECT_EQ(with(953), std::nullopt);
  EXPECT_NE(with(952), std::nullopt);
}

TEST(Drift, IsUnknownWithoutEvents) { EXPECT_EQ(drift(Comparison{}), std::nullopt); }

}  // namespace
}  // namespace probes::compare
