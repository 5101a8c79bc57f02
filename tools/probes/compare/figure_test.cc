// SPDX-License-Identifier: GPL-2.0-only
#include "figure.h"

#include <gmock/gmock.h>

#include "gnuplot.h"
#include "sample_comparison.h"

namespace probes::compare {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(FigureCommands, AreUnderstoodByGnuplot) {
  const std::string picture = draw(to_gnuplot(sample_comparison(), Paper::white));
  EXPECT_THAT(picture, HasSubstr("</svg>"));
  EXPECT_THAT(picture, HasSubstr("1. netif_receive_skb → tcp_v4_rcv"));
  EXPECT_THAT(picture, HasSubstr("9. packet → return"));
}

TEST(FigureCommands, DrawAWaysMediansOneAfterTheOther) {
  // The second step of 2 us on xpoll: from 2 us to 4 us, centred at 3 us.
  EXPECT_THAT(to_gnuplot(sample_comparison(), Paper::white), HasSubstr("\n3 1 2 4 0.7 1.3 "));
}

TEST(FigureCommands, DrawAHistogramAsShares) {
  // All of 1 us: from 512 ns to 1024 ns, the left half of it for native epoll.
  EXPECT_THAT(to_gnuplot(sample_comparison(), Paper::white), HasSubstr(" 0.512 0.72"));
  EXPECT_THAT(to_gnuplot(sample_comparison(), Paper::white), HasSubstr(" 0 100 0x"));
}

TEST(FigureCommands, DrawNothingWhereThereWasNoEvent) {
  Comparison comparison = sample_comparison();
  // Each box ends with its colour.
  const char* native = " 0xd9822b\n";
  const char* xpoll = " 0x3b82c4\n";
  EXPECT_THAT(to_gnuplot(comparison, Paper::white), AllOf(HasSubstr(native), HasSubstr(xpoll)));
  comparison.xpoll.figures.events = 0;
  comparison.xpoll.path = {};
  const std::string commands = to_gnuplot(comparison, Paper::white);
  EXPECT_THAT(commands, AllOf(HasSubstr(native), Not(HasSubstr(xpoll))));
  EXPECT_THAT(draw(commands), HasSubstr("</svg>"));
}

TEST(FigureCommands, AreUnderstoodByGnuplotWhereThereWasNoEventAtAll) {
  EXPECT_THAT(draw(to_gnuplot(Comparison{}, Paper::white)), HasSubstr("</svg>"));
}

TEST(FigureCommands, HavePaperOnlyInAFileOfTheirOwn) {
  EXPECT_THAT(to_gnuplot(sample_comparison(), Paper::white), HasSubstr("background 'white'"));
  EXPECT_THAT(to_gnuplot(sample_comparison(), Paper::page), Not(HasSubstr("background")));
}

}  // namespace
}  // namespace probes::compare
