// SPDX-License-Identifier: GPL-2.0-only
// Instances must not watch each other in a cycle.
#include <atomic>
#include <barrier>

#include "tools/util/descriptors.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/nest.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

using NestCycleTest = EachBackend;
XPOLL_FOR_EACH_BACKEND(NestCycleTest);

TEST_P(NestCycleTest, TwoInstancesThatWatchEachOtherAreEloop) {
  const Chain chain(backend_, 2);
  EXPECT_THAT(backend_.add(chain.bottom(), chain.top(), EPOLLIN), SyscallFailsWithErrno(ELOOP));
}

TEST_P(NestCycleTest, ACycleOfAnyAllowedLengthIsEloop) {
  for (int instances = 3; instances <= 5; ++instances) {
    const Chain chain(backend_, instances);
    EXPECT_THAT(backend_.add(chain.bottom(), chain.top(), EPOLLIN), SyscallFailsWithErrno(ELOOP))
        << instances;
  }
}

TEST_P(NestCycleTest, ACycleThroughADupIsEloop) {
  const Chain chain(backend_, 2);
  const unique_fd dup(::dup(chain.top()));
  EXPECT_THAT(backend_.add(chain.bottom(), dup.get(), EPOLLIN), SyscallFailsWithErrno(ELOOP));
}

TEST_P(NestCycleTest, ACycleIsFoundBehindOtherBranches) {
  const unique_fd top = backend_.instance();
  const Chain left(backend_, 2);
  const Chain right(backend_, 2);
  for (const Chain* branch : {&left, &right})
    ASSERT_THAT(backend_.add(top.get(), branch->top(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.add(right.bottom(), top.get(), EPOLLIN), SyscallFailsWithErrno(ELOOP));
  EXPECT_THAT(backend_.add(left.bottom(), top.get(), EPOLLIN), SyscallFailsWithErrno(ELOOP));
}

TEST_P(NestCycleTest, ADiamondIsNoCycle) {
  const unique_fd top = backend_.instance();
  const unique_fd left = backend_.instance();
  const unique_fd right = backend_.instance();
  const unique_fd bottom = backend_.instance();
  const unique_fd watched = make_eventfd(1);
  ASSERT_THAT(backend_.add(top.get(), left.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(top.get(), right.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(left.get(), bottom.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(right.get(), bottom.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(bottom.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(
      backend_.ready(top.get()),
      testing::UnorderedElementsAre(Event(left.get(), EPOLLIN), Event(right.get(), EPOLLIN)));
}

TEST_P(NestCycleTest, TheRefusedAddLeavesNoEntry) {
  const Chain chain(backend_, 2);
  ASSERT_THAT(backend_.add(chain.bottom(), chain.top(), EPOLLIN), SyscallFailsWithErrno(ELOOP));
  EXPECT_THAT(backend_.del(chain.bottom(), chain.top()), SyscallFailsWithErrno(ENOENT));
  const unique_fd watched = make_eventfd(1);
  ASSERT_THAT(backend_.add(chain.bottom(), watched.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(chain.bottom()), Events(Event(watched.get(), EPOLLIN)));
}

TEST_P(NestCycleTest, AfterDelOfTheOneLinkTheOtherDirectionIsAllowed) {
  const Chain chain(backend_, 2);
  ASSERT_THAT(backend_.add(chain.bottom(), chain.top(), EPOLLIN), SyscallFailsWithErrno(ELOOP));
  ASSERT_THAT(backend_.del(chain.top(), chain.bottom()), SyscallSucceeds());
  EXPECT_THAT(backend_.add(chain.bottom(), chain.top(), EPOLLIN), SyscallSucceeds());
}

TEST_P(NestCycleTest, AClosedInstanceIsNoPartOfACycle) {
  const unique_fd ep = backend_.instance();
  unique_fd middle = backend_.instance();
  const unique_fd below = backend_.instance();
  ASSERT_THAT(backend_.add(ep.get(), middle.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(middle.get(), below.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(below.get(), ep.get(), EPOLLIN), SyscallFailsWithErrno(ELOOP));
  middle.reset();
  EXPECT_THAT(backend_.add(below.get(), ep.get(), EPOLLIN), SyscallSucceeds());
}

// CVE-2011-1082: both checks passed before either link existed.
TEST_P(NestCycleTest, OfTwoConcurrentOppositeAddsExactlyOneSucceeds) {
  constexpr int kRounds = 200;
  const unique_fd one = backend_.instance();
  const unique_fd other = backend_.instance();
  std::barrier start(2);
  std::barrier end(2);
  int opposite_result = 0;
  Thread opposite([&] {
    for (int round = 0; round < kRounds; ++round) {
      start.arrive_and_wait();
      opposite_result = backend_.add(other.get(), one.get(), EPOLLIN);
      end.arrive_and_wait();
    }
  });
  for (int round = 0; round < kRounds; ++round) {
    start.arrive_and_wait();
    const int result = backend_.add(one.get(), other.get(), EPOLLIN);
    end.arrive_and_wait();
    EXPECT_NE(result == 0, opposite_result == 0) << "round " << round;
    backend_.del(one.get(), other.get());
    backend_.del(other.get(), one.get());
  }
  opposite.join();
}

}  // namespace
}  // namespace xpoll::test
