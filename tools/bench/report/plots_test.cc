// SPDX-License-Identifier: GPL-2.0-only
#include "plots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "sample_results.h"

namespace bench_report {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Plots, HaveALineForEachBackendAndSortThePoints) {
  const auto plots = to_plots(results_of({{"ctl_add_tcp/epoll/1000", 20},
                                          {"ctl_add_tcp/xpoll/1000", 21},
                                          {"ctl_add_tcp/epoll/1", 10},
                                          {"ctl_add_tcp/xpoll/1", 11}}));
  ASSERT_THAT(plots, SizeIs(1));
  EXPECT_THAT(plots[0].backends, ElementsAre("epoll", "xpoll"));
  EXPECT_THAT(plots[0].rows, ElementsAre(ElementsAre(1, 10, 11), ElementsAre(1000, 20, 21)));
}

TEST(Plots, LeaveGapsWhereNothingWasMeasured) {
  const auto plots = to_plots(results_of({{"wait_level_eventfd/poll/1/10", 1},
                                          {"wait_level_eventfd/epoll/1/10", 2},
                                          {"wait_level_eventfd/epoll/1/1000000", 3}}));
  ASSERT_THAT(plots, SizeIs(1));
  ASSERT_THAT(plots[0].rows, SizeIs(2));
  EXPECT_TRUE(std::isnan(plots[0].rows[1][1]));
}

TEST(Plots, NeedTwoPoints) {
  EXPECT_THAT(to_plots(results_of({{"ctl_add_tcp/epoll/1", 1}, {"ctl_add_tcp/xpoll/1", 1}})),
              IsEmpty());
}

}  // namespace
}  // namespace bench_report
