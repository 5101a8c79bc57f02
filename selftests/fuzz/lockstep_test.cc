// SPDX-License-Identifier: GPL-2.0-only
// Shows that the lockstep detects differences: each test changes one world directly.
#include "lockstep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "change.h"
#include "divergence.h"

namespace xpoll::fuzz {
namespace {

// Descriptors of the two worlds, whose numbers are fixed (lockstep.cc). Those for posts follow.
constexpr int kFirst = 100;
constexpr int kSecond = 200;
constexpr int kSecondPosting = kSecond + kSlots;

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

TEST_F(LockstepTest, SeesAnotherResultOfAChangeOfEnter) {
  Backend::native().del(kSecond, kSecond + 1);
  const Change change{.op = EPOLL_CTL_MOD, .slot = 1, .events = EPOLLIN, .data = 1};
  EXPECT_THROW(lockstep.enter(0, 0, change.pack()), Divergence);
}

TEST_F(LockstepTest, SeesAnotherEventOfEnter) {
  eventfd_write(kSecond + 2, 1);
  const Change change{.op = EPOLL_CTL_MOD, .slot = 1, .events = EPOLLIN, .data = 1};
  EXPECT_THROW(lockstep.enter(0, 64, change.pack()), Divergence);
}

TEST_F(LockstepTest, SeesOtherDataOfAPost) {
  lockstep.post(0, 5);
  Backend::native().mod(kSecond, kSecondPosting, EPOLLIN | EPOLLET, 6);
  EXPECT_THROW(lockstep.wait(0, 64), Divergence);
}

// The second world has no ring, but what it takes is compared as if it came from one.
class LockstepRingTest : public testing::Test {
 public:
  static constexpr std::uint32_t kEvents = EPOLLIN | EPOLLOUT | EPOLLET;

  void SetUp() override {
    lockstep.ring(0);
    lockstep.eventfd(1);
    lockstep.unix_pair(2, 3, SOCK_STREAM);
    lockstep.ring_ctl(0, EPOLL_CTL_ADD, 1, kEvents, 1);
    lockstep.ring_ctl(0, EPOLL_CTL_ADD, 2, kEvents | EPOLLRDHUP, 2);
    lockstep.ring_take(0, 0);
  }
  void change(std::uint32_t events, int slot) {
    Backend::native().mod(kSecond, kSecond + slot, events, static_cast<std::uint64_t>(slot));
  }
  // That another difference is not found first.
  void expect(const char* difference) {
    try {
      lockstep.ring_take(0, 0);
      ADD_FAILURE() << "no difference";
    } catch (const Divergence& found) {
      EXPECT_THAT(found.what(), testing::HasSubstr(difference));
    }
  }

  Stage stage{Backend::native()};
  Lockstep lockstep{stage};
};

TEST_F(LockstepRingTest, TheSameEventsAreNoDifference) {
  lockstep.write(1);
  lockstep.write(3);
  lockstep.ring_take(0, 0);
  EXPECT_EQ(stage.outcomes.of("ring_take", kDone), 2);
  EXPECT_EQ(stage.outcomes.of("ring events", "the same"), 4);
}

TEST_F(LockstepRingTest, SeesThatAnEventIsMissing) {
  eventfd_write(kFirst + 1, 1);
  expect("an event is missing");
}

TEST_F(LockstepRingTest, SeesAnEventTooMany) {
  change(kEvents, 1);
  expect("an event too many");
}

TEST_F(LockstepRingTest, AnEventThatIsNotReadyAnyMoreIsNoDifference) {
  lockstep.ring_ctl(0, EPOLL_CTL_MOD, 1, EPOLLIN | EPOLLET, 1);
  lockstep.write(1);
  lockstep.read(1);
  eventfd_write(kSecond + 1, 1);
  EXPECT_NO_THROW(lockstep.ring_take(0, 0));
  EXPECT_EQ(stage.outcomes.of("ring events", "in the ring only"), 1);
}

TEST_F(LockstepRingTest, SeesThatAFileWasNeverReadable) {
  lockstep.ring_ctl(0, EPOLL_CTL_MOD, 1, EPOLLIN | EPOLLET, 1);
  lockstep.write(1);
  lockstep.read(1);
  lockstep.ring_take(0, 0);
  eventfd_write(kSecond + 1, 1);
  expect("it was never readable");
}

TEST_F(LockstepRingTest, SeesAnEndThatHasNotCome) {
  lockstep.ring_ctl(0, EPOLL_CTL_MOD, 2, EPOLLRDHUP | EPOLLET, 2);
  checked(::shutdown(kSecond + 3, SHUT_WR), "shutdown");
  expect("an end that has not come");
}

TEST_F(LockstepRingTest, SeesOtherData) {
  Backend::native().mod(kSecond, kSecond + 1, kEvents, 3);
  lockstep.write(1);
  expect("data 0x1: an event is missing");
}

TEST_F(LockstepRingTest, SeesDataOfNoWatch) {
  Backend::native().mod(kSecond, kSecond + 1, kEvents, 3);
  expect("data 0x3: not a watch's");
}

TEST_F(LockstepRingTest, SeesThatABitThatIsAskedForIsMissing) {
  change(kEvents, 2);
  lockstep.shutdown(3, SHUT_WR);
  expect("bits are missing");
}

TEST_F(LockstepRingTest, SeesThatABitOfAWakeUpIsMissing) {
  change(EPOLLOUT | EPOLLRDHUP | EPOLLET, 2);
  lockstep.write(3);
  lockstep.shutdown(3, SHUT_WR);
  expect("bits are missing");
}

TEST_F(LockstepRingTest, ABitOfAnEarlierWakeUpIsNotMissingWhileItIsReady) {
  lockstep.write(1);
  lockstep.ring_take(0, 0);
  change(EPOLLOUT | EPOLLET, 1);
  lockstep.write(1);
  EXPECT_NO_THROW(lockstep.ring_take(0, 0));
  // Once it is not ready any more, the next wake-up has to tell it again.
  lockstep.read(1);
  lockstep.ring_take(0, 0);
  change(EPOLLOUT | EPOLLET, 1);
  lockstep.write(1);
  expect("bits are missing");
}

TEST_F(LockstepRingTest, SeesABitThatNobodyAskedFor) {
  change(kEvents | EPOLLRDNORM, 2);
  lockstep.write(3);
  expect("not asked for");
}

TEST_F(LockstepRingTest, SeesABitTooMany) {
  lockstep.shutdown(3, SHUT_WR);
  lockstep.ring_ctl(0, EPOLL_CTL_MOD, 2, kEvents | EPOLLRDHUP, 2);
  Backend::native().mod(kFirst, kFirst + 2, kEvents, 2);
  expect("bits too many");
}

TEST_F(LockstepRingTest, SeesOtherDataOfAPost) {
  lockstep.post(0, 5);
  Backend::native().mod(kSecond, kSecondPosting, EPOLLIN | EPOLLET, 6);
  expect("data 0x5: an event is missing");
}

TEST_F(LockstepRingTest, SeesOtherBitsOfAPost) {
  lockstep.post(0, 5);
  Backend::native().mod(kSecond, kSecondPosting, EPOLLIN | EPOLLOUT | EPOLLET, 5);
  expect("not a watch's");
}

TEST_F(LockstepRingTest, SeesAnotherErrno) {
  Backend::native().del(kSecond, kSecond + 1);
  EXPECT_THROW(lockstep.ring_ctl(0, EPOLL_CTL_MOD, 1, kEvents, 1), Divergence);
}

TEST_F(LockstepRingTest, SeesThatItIsReadyAfterAllEventsWereTaken) {
  lockstep.write(1);
  lockstep.ring_take(0, 0);
  change(EPOLLIN, 1);  // level-triggered, in one world
  lockstep.write(1);
  expect("is ready after all events were taken");
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
