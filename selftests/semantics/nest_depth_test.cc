// SPDX-License-Identifier: GPL-2.0-only
// The maximum nesting depth of instances.
#include <vector>

#include "tools/util/descriptors.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/nest.h"

namespace xpoll::test {
namespace {

// The number of links in the longest allowed chain.
constexpr int kMaxLinks = 4;

using NestDepthTest = EachBackend;
XPOLL_FOR_EACH_BACKEND(NestDepthTest);

TEST_P(NestDepthTest, FiveInstancesInAChainAreAllowed) {
  const Chain chain(backend_, kMaxLinks + 1);
  const unique_fd watched = make_eventfd(1);
  ASSERT_THAT(backend_.add(chain.bottom(), watched.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(chain.bottom()), Events(Event(watched.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(chain.top()), Events(Event(chain.below(0), EPOLLIN)));
}

TEST_P(NestDepthTest, AnEventAtTheBottomOfTheDeepestChainArrivesAtItsTop) {
  const Chain chain(backend_, kMaxLinks + 1);
  const Pipe pipe = make_pipe();
  ASSERT_THAT(backend_.add(chain.bottom(), pipe.reader.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(chain.top()), NoEvents());
  write_all(pipe.writer, "x");
  EXPECT_THAT(backend_.ready(chain.top()), Events(Event(chain.below(0), EPOLLIN)));
  drain(pipe.reader);
  EXPECT_THAT(backend_.ready(chain.top()), NoEvents());
}

TEST_P(NestDepthTest, ASixthInstanceOnTopIsEloop) {
  const Chain chain(backend_, kMaxLinks + 1);
  const unique_fd above = backend_.instance();
  EXPECT_THAT(backend_.add(above.get(), chain.top(), EPOLLIN), SyscallFailsWithErrno(ELOOP));
}

TEST_P(NestDepthTest, ASixthInstanceAtTheBottomIsEloop) {
  const Chain chain(backend_, kMaxLinks + 1);
  const unique_fd below = backend_.instance();
  EXPECT_THAT(backend_.add(chain.bottom(), below.get(), EPOLLIN), SyscallFailsWithErrno(ELOOP));
}

// All ways to join a chain above to a chain below.
TEST_P(NestDepthTest, LinksAboveAndBelowAreCountedTogether) {
  for (int links_above = 0; links_above <= kMaxLinks; ++links_above) {
    for (int links_below = 0; links_below <= kMaxLinks; ++links_below) {
      SCOPED_TRACE(testing::Message() << links_above << " above, " << links_below << " below");
      const Chain above(backend_, links_above + 1);
      const Chain below(backend_, links_below + 1);
      const int result = backend_.add(above.bottom(), below.top(), EPOLLIN);
      if (links_above + 1 + links_below <= kMaxLinks)
        EXPECT_THAT(result, SyscallSucceeds());
      else
        EXPECT_THAT(result, SyscallFailsWithErrno(ELOOP));
    }
  }
}

TEST_P(NestDepthTest, TheLongestOfSeveralBranchesCounts) {
  const Chain shorter(backend_, 2);
  const Chain longer(backend_, 4);
  const unique_fd joint = backend_.instance();
  ASSERT_THAT(backend_.add(joint.get(), longer.top(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(joint.get(), shorter.top(), EPOLLIN), SyscallSucceeds());
  const unique_fd above = backend_.instance();
  EXPECT_THAT(backend_.add(above.get(), joint.get(), EPOLLIN), SyscallFailsWithErrno(ELOOP));
}

TEST_P(NestDepthTest, AnInstanceWatchedByTwoCountsTheLongerWayUp) {
  const Chain shorter(backend_, 2);
  const Chain longer(backend_, 4);
  const unique_fd joint = backend_.instance();
  ASSERT_THAT(backend_.add(longer.bottom(), joint.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(shorter.bottom(), joint.get(), EPOLLIN), SyscallSucceeds());
  const unique_fd below = backend_.instance();
  EXPECT_THAT(backend_.add(joint.get(), below.get(), EPOLLIN), SyscallFailsWithErrno(ELOOP));
}

TEST_P(NestDepthTest, AfterDelOfALinkTheRefusedAddSucceeds) {
  const Chain chain(backend_, kMaxLinks + 1);
  const unique_fd above = backend_.instance();
  ASSERT_THAT(backend_.add(above.get(), chain.top(), EPOLLIN), SyscallFailsWithErrno(ELOOP));
  ASSERT_THAT(backend_.del(chain.top(), chain.below(0)), SyscallSucceeds());
  EXPECT_THAT(backend_.add(above.get(), chain.top(), EPOLLIN), SyscallSucceeds());
}

TEST_P(NestDepthTest, AfterCloseOfTheBottomTheRefusedAddSucceeds) {
  Chain chain(backend_, kMaxLinks + 1);
  const unique_fd above = backend_.instance();
  ASSERT_THAT(backend_.add(above.get(), chain.top(), EPOLLIN), SyscallFailsWithErrno(ELOOP));
  chain.close_bottom();
  EXPECT_THAT(backend_.add(above.get(), chain.top(), EPOLLIN), SyscallSucceeds());
}

// CVE-2012-3375: the walk had collected the watched files of the graph on a list that the error
// path did not empty.
TEST_P(NestDepthTest, AfterEloopTheWatchedFilesCanBeClosedAndTheGraphUsed) {
  const Chain chain(backend_, kMaxLinks + 1);
  const unique_fd above = backend_.instance();
  std::vector<unique_fd> watched;
  for (int i = 0; i < 10; ++i) {
    watched.push_back(make_eventfd());
    ASSERT_THAT(backend_.add(chain.bottom(), watched.back().get(), EPOLLIN), SyscallSucceeds());
  }
  ASSERT_THAT(backend_.add(above.get(), chain.top(), EPOLLIN), SyscallFailsWithErrno(ELOOP));
  watched.clear();
  EXPECT_THAT(backend_.add(above.get(), chain.top(), EPOLLIN), SyscallFailsWithErrno(ELOOP));
  EXPECT_THAT(backend_.add(above.get(), chain.below(0), EPOLLIN), SyscallSucceeds());
  const unique_fd late = make_eventfd(1);
  ASSERT_THAT(backend_.add(chain.bottom(), late.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(above.get()), Events(Event(chain.below(0), EPOLLIN)));
}

}  // namespace
}  // namespace xpoll::test
