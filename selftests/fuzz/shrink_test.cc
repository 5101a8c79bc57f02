// SPDX-License-Identifier: GPL-2.0-only
#include "shrink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>

#include <algorithm>
#include <string>

#include "generator.h"

namespace xpoll_fuzz {
namespace {

// A divergence of our own making: a oneshot watch is added to slot 2, and some time later slot 4 is
// closed.
bool isOneshotAdd(const Step& step) {
  return step.operation->name == "ctl" && step.arguments[1] == EPOLL_CTL_ADD &&
         step.arguments[2] == 2 && (step.arguments[3] & EPOLLONESHOT);
}

bool isClose(const Step& step) { return step.operation->name == "close" && step.arguments[0] == 4; }

bool fails(const std::vector<Step>& steps) {
  const auto add = std::ranges::find_if(steps, isOneshotAdd);
  return std::find_if(add, steps.end(), isClose) != steps.end();
}

std::vector<Step> longFailingSequence() {
  std::vector<Step> steps = generateEpisode(1, 1, 300);
  const Step add{&operationNamed("ctl"),
                 {5, EPOLL_CTL_ADD, 2, EPOLLIN | EPOLLONESHOT | EPOLLOUT, 77}};
  steps.insert(steps.begin() + 100, add);
  steps.insert(steps.begin() + 200, Step{&operationNamed("close"), {4}});
  return steps;
}

TEST(ShrinkTest, LeavesOnlyTheStepsThatMatterAndTheirSimplestArguments) {
  const std::vector<Step> steps = shrink(longFailingSequence(), fails);
  EXPECT_EQ(toCxxTest(steps, "Shrunk"),
            "TEST_F(RegressionTest, Shrunk) {\n"
            "  lockstep.ctl(0, EPOLL_CTL_ADD, 2, EPOLLONESHOT, 0x0);\n"
            "  lockstep.close(4);\n"
            "}\n");
}

TEST(ShrinkTest, AsksOnlyAboutSequencesThatKeepTheOrder) {
  const std::vector<Step> all = longFailingSequence();
  const std::vector<Step> steps = shrink(all, [&](const std::vector<Step>& candidate) {
    EXPECT_LE(candidate.size(), all.size());
    return fails(candidate);
  });
  EXPECT_TRUE(isOneshotAdd(steps.front()));
  EXPECT_TRUE(isClose(steps.back()));
}

TEST(ShrinkTest, ASingleStepStays) {
  const std::vector<Step> one{Step{&operationNamed("poll"), {}}};
  EXPECT_EQ(shrink(one, [](const std::vector<Step>&) { return true; }), one);
}

}  // namespace
}  // namespace xpoll_fuzz
