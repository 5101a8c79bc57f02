// SPDX-License-Identifier: GPL-2.0-only
#include "figure.h"

#include <gmock/gmock.h>

#include "gnuplot.h"
#include "sample_comparison.h"

namespace probes::compare {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

constexpr Look kAll{.head = true, .histograms = true};

TEST(FigureCommands, AreUnderstoodByGnuplot) {
  const std::string picture = draw(to_gnuplot(sample_comparison(), kAll));
  EXPECT_THAT(picture, HasSubstr("</svg>"));
  EXPECT_THAT(picture, HasSubstr("netif_receive_skb → tcp_v4_rcv"));
  EXPECT_THAT(picture, HasSubstr("packet → return"));
}

TEST(FigureCommands, SayWhatRanWhereWhenAndHowManyEventsThereWere) {
  Comparison comparison = sample_comparison();
  comparison.remark = "a remark";
  const std::string commands = to_gnuplot(comparison, {});
  for (const char* text : {"server & <client>", "Linux 6.1.0-test on a machine for tests",
                           "2026-11-28; a remark", "100 events delivered on native epoll, 10 "})
    EXPECT_THAT(commands, HasSubstr(text));
  EXPECT_THAT(to_gnuplot(comparison, {.head = false}), Not(HasSubstr("6.1.0-test")));
}

TEST(FigureCommands, NameEachStepOfTheWay) {
  const std::string commands = to_gnuplot(sample_comparison(), {});
  for (const char* name :
       {"'netif_receive_skb → tcp_v4_rcv' 9", "'sock_def_readable → callback' 6",
        "'callback → sched_waking' 5", "'tcp_poll → returned' 2", "'packet → return' 1"})
    EXPECT_THAT(commands, HasSubstr(name));
}

TEST(FigureCommands, DrawAWaysMediansOneAfterTheOther) {
  // The second 2 us step on xpoll: from 2 us to 4 us, centred at 3 us, followed by its figure.
  EXPECT_THAT(to_gnuplot(sample_comparison(), {}),
              AllOf(HasSubstr("\n3 7.8 2 4 7.62 7.98 0x3b82c4\n"), HasSubstr("\n4 7.8 2.000\n")));
}

TEST(FigureCommands, MarkTheStepsThatAreTheSameCode) {
  // Three of nine rows.
  EXPECT_THAT(to_gnuplot(sample_comparison(), {}),
              HasSubstr("from graph 0, first 6.5 to graph 1, first 9.5 "));
}

TEST(FigureCommands, WarnWhereTheSameCodeTookDifferentTimes) {
  EXPECT_THAT(to_gnuplot(sample_comparison(), {}), HasSubstr("times can''t be compared"));
  Comparison even = sample_comparison();
  even.xpoll.path = even.native.path;
  EXPECT_THAT(to_gnuplot(even, {}), Not(HasSubstr("be compared")));
}

// For equal values both sides have the same boxes, mirrored at the axis.
TEST(FigureCommands, DrawBothSidesOfAHistogramInTheSameBuckets) {
  Comparison comparison = sample_comparison();
  comparison.xpoll.path = comparison.native.path;
  // All of 1000 ns: the bucket from 2^(39/4) ns to 2^(40/4) ns.
  EXPECT_THAT(to_gnuplot(comparison, kAll),
              AllOf(ContainsRegex("\n(0\\.9[0-9]+) 50 0\\.861[0-9]+ 1\\.024 0 100 0xd9822b\n"
                                  "0\\.9[0-9]+ -50 0\\.861[0-9]+ 1\\.024 -100 0 0x3b82c4\n"),
                    HasSubstr("set yrange [-100:100]")));
}

TEST(FigureCommands, HaveHistogramsOnlyIfAskedTo) {
  EXPECT_THAT(to_gnuplot(sample_comparison(), {}), Not(HasSubstr("logscale")));
}

// Everything lies above the lower edge.
TEST(FigureCommands, PlaceNothingBelowThePaper) {
  for (const bool odd : {false, true}) {
    Comparison comparison = sample_comparison();
    if (odd) {
      path::Event event = sample_event(path::Kind::xpoll, 1000);
      event.marks[index_of(path::Stage::waking)].reset();
      event.marks[index_of(path::Stage::running)].reset();
      comparison.xpoll.path.add(event);
    }
    EXPECT_THAT(to_gnuplot(comparison, kAll), Not(HasSubstr("margin at screen -")));
  }
}

TEST(FigureCommands, DrawNothingWhereThereWasNoEvent) {
  Comparison comparison = sample_comparison();
  // Each box ends with its colour.
  const char* native = " 0xd9822b\n";
  const char* xpoll = " 0x3b82c4\n";
  EXPECT_THAT(to_gnuplot(comparison, kAll), AllOf(HasSubstr(native), HasSubstr(xpoll)));
  comparison.xpoll.figures.events = 0;
  comparison.xpoll.path = {};
  const std::string commands = to_gnuplot(comparison, kAll);
  EXPECT_THAT(commands, AllOf(HasSubstr(native), Not(HasSubstr(xpoll))));
  EXPECT_THAT(draw(commands), HasSubstr("</svg>"));
}

TEST(FigureCommands, AreUnderstoodByGnuplotWhereThereWasNoEventAtAll) {
  EXPECT_THAT(draw(to_gnuplot(Comparison{}, kAll)), HasSubstr("</svg>"));
}

}  // namespace
}  // namespace probes::compare
