// SPDX-License-Identifier: GPL-2.0-only
// Shows that the lockstep detects differences: each test changes one world directly.
#include "lockstep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "divergence.h"

namespace xpoll::fuzz {
namespace {

// Descriptors of the second world, whose numbers are fixed (lockstep.cc).
constexpr int kSecond = 200;

class LockstepTest : public testing::Test {
 public:
  void SetUp() override {
    lockstep.create(0);
    lockstep.eventfd(1);
    lockstep.eventfd(2);
    lockstep.ctl(0, EPOLL_CTL_ADD, 1, EPOLLIN, 1);
    lockstep.ctl(0, EPOLL_CTL_ADD, 2, EPOLLIN, 2);
  }

  Stage stage{Backend::native()};
  Lockstep lockstep{stage};
};

TEST_F(LockstepTest, SeesAnEventThatTheOtherWorldHasNot) {
  eventfd_write(kSecond + 1, 1);
  EXPECT_THROW(lockstep.wait(0, 64), Divergence);
}

TEST_F(LockstepTest, SeesAnotherOrder) {
  eventfd_write(kSecond + 2, 1);
  lockstep.write(1);
  // The second world's counter is now 2, which nothing else shows.
  lockstep.write(2);
  EXPECT_THROW(lockstep.wait(0, 64), Divergence);
}

TEST_F(LockstepTest, SeesOtherBits) {
  Backend::native().mod(kSecond, kSecond + 1, EPOLLOUT, 1);
  lockstep.write(1);
  EXPECT_THROW(lockstep.wait(0, 64), Divergence);
}

TEST_F(LockstepTest, SeesOtherData) {
  Backend::native().mod(kSecond, kSecond + 1, EPOLLIN, 3);
  lockstep.write(1);
  EXPECT_THROW(lockstep.wait(0, 64), Divergence);
}

TEST_F(LockstepTest, SeesAnotherErrno) {
  Backend::native().del(kSecond, kSecond + 1);
  EXPECT_THROW(lockstep.ctl(0, EPOLL_CTL_MOD, 1, EPOLLIN), Divergence);
}

TEST_F(LockstepTest, SeesAWatchInFdinfo) {
  Backend::native().del(kSecond, kSecond + 1);
  EXPECT_THROW(lockstep.ctl(0, EPOLL_CTL_MOD, 2, EPOLLIN), Divergence);
}

TEST_F(LockstepTest, SeesReadinessOfAnInstance) {
  eventfd_write(kSecond + 1, 1);
  EXPECT_THROW(lockstep.poll(), Divergence);
}

TEST_F(LockstepTest, SeesReadinessAfterEachStepIfAskedTo) {
  lockstep.poll_after_each_step(true);
  eventfd_write(kSecond + 1, 1);
  EXPECT_THROW(lockstep.memfd(5), Divergence);
}

TEST_F(LockstepTest, SeesABlockedWaitThatEndsInOneWorldOnly) {
  lockstep.start_wait(0, 0, 1);
  eventfd_write(kSecond + 1, 1);
  EXPECT_THROW(lockstep.memfd(5), Divergence);
}

TEST_F(LockstepTest, SeesABlockedWaitThatEndsWithAnotherEvent) {
  lockstep.start_wait(0, 0, 1);
  Backend::native().mod(kSecond, kSecond + 1, EPOLLIN, 3);
  EXPECT_THROW(lockstep.write(1), Divergence);
}

TEST_F(LockstepTest, ABlockedWaitThatEndsInBothIsNoDifference) {
  lockstep.start_wait(0, 0, 1);
  lockstep.write(1);
  lockstep.wait(0, 64);
  EXPECT_EQ(stage.outcomes.of("blocked waits", "1 of 1 ended by a step"), 1);
}

TEST(LockstepEndTest, NothingIsLeftForTheNext) {
  Stage stage(Backend::native());
  {
    Lockstep lockstep(stage);
    lockstep.create(0);
    lockstep.fork(0);
    lockstep.start_wait(0, 0, 1);
  }
  Lockstep next(stage);
  next.close(0);
  EXPECT_EQ(stage.outcomes.of("close", "EBADF"), 1);
  next.create(0);
  next.start_wait(0, 0, 1);
  EXPECT_EQ(stage.outcomes.of("start_wait", kDone), 2);
}

}  // namespace
}  // namespace xpoll::fuzz
