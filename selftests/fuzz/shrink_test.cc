// SPDX-License-Identifier: GPL-2.0-only
#include "shrink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>

#include <algorithm>
#include <string>

#include "generator.h"

namespace xpoll::fuzz {
namespace {

// An artificial failure: a oneshot watch is added to slot 2, and slot 4 is closed later.
bool is_oneshot_add(const Step& step) {
  return step.operation->name == "ctl" && step.arguments[1] == EPOLL_CTL_ADD &&
         step.arguments[2] == 2 && (step.arguments[3] & EPOLLONESHOT);
}

bool is_close(const Step& step) {
  return step.operation->name == "close" && step.arguments[0] == 4;
}

bool fails(const std::vector<Step>& steps) {
  const auto add = std::ranges::find_if(steps, is_oneshot_add);
  return std::find_if(add, steps.end(), is_close) != steps.end();
}

std::vector<Step> long_failing_sequence() {
  std::vector<Step> steps = generate_episode(1, 1, 300);
  const Step add{&operation_named("ctl"),
                 {5, EPOLL_CTL_ADD, 2, EPOLLIN | EPOLLONESHOT | EPOLLOUT, 77}};
  steps.insert(steps.begin() + 100, add);
  steps.insert(steps.begin() + 200, Step{&operation_named("close"), {4}});
  return steps;
}

TEST(ShrinkTest, LeavesOnlyTheStepsThatMatterAndTheirSimplestArguments) {
  const std::vector<Step> steps = shrink(long_failing_sequence(), fails);
  EXPECT_EQ(to_cxx_test(steps, "Shrunk"),
            "TEST_F(RegressionTest, Shrunk) {\n"
            "  lockstep.ctl(0, EPOLL_CTL_ADD, 2, EPOLLONESHOT, 0x0);\n"
            "  lockstep.close(4);\n"
            "}\n");
}

TEST(ShrinkTest, AsksOnlyAboutSequencesThatKeepTheOrder) {
  const std::vector<Step> all = long_failing_sequence();
  const std::vector<Step> steps = shrink(all, [&](const std::vector<Step>& candidate) {
    EXPECT_LE(candidate.size(), all.size());
    return fails(candidate);
  });
  EXPECT_TRUE(is_oneshot_add(steps.front()));
  EXPECT_TRUE(is_close(steps.back()));
}

TEST(ShrinkTest, ASingleStepStays) {
  const std::vector<Step> one{Step{&operation_named("poll"), {}}};
  EXPECT_EQ(shrink(one, [](const std::vector<Step>&) { return true; }), one);
}

}  // namespace
}  // namespace xpoll::fuzz
