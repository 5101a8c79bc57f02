// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/histogram_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

namespace top {
namespace {

std::string text_of(const Row& row) {
  constexpr int kColumns = 100;
  return histograms_of({row}, kColumns, probes::Terminal(stdout));
}

Row row() {
  Row row;
  row.kind = TOP_XPOLL;
  row.holders = {{.pid = 10, .fd = 3, .command = "nginx"}};
  return row;
}

TEST(HistogramTextTest, BothStandSideBySideByTheNumberOfBits) {
  Row both = row();
  both.histograms[TOP_WAKE_LATENCY][14] = 2;
  both.histograms[TOP_SERVICE_TIME][15] = 4;
  EXPECT_EQ(
      text_of(both),
      "\nxpoll nginx, PID 10, FD 3\n"
      "                          us  wake latency                      service time\n"
      "       8.192 .. 16.384       |**********************| 2        |                      | 0\n"
      "      16.384 .. 32.768       |                      | 0        |**********************| "
      "4\n");
}

TEST(HistogramTextTest, AnInstanceWithoutValuesIsLeftOut) { EXPECT_EQ(text_of(row()), ""); }

}  // namespace
}  // namespace top
