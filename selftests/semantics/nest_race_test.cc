// SPDX-License-Identifier: GPL-2.0-only
// The walks that check an ADD race with closes of files and instances. The calls' results must not
// change; KASAN or lockdep would report misuse.
#include <atomic>
#include <functional>
#include <vector>

#include "tools/util/descriptors.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/nest.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

class NestRaceTest : public EachBackend {
 protected:
  // Runs `action` for many rounds while another thread repeats `disturbance`.
  void race(const std::function<void()>& disturbance, const std::function<void(int)>& action) {
    std::atomic<bool> done = false;
    Thread disturber([&] {
      while (!done) disturbance();
    });
    {
      const SetAtExit finish(done);
      for (int round = 0; round < stress_rounds(300); ++round) action(round);
    }
    disturber.join();
  }
};
XPOLL_FOR_EACH_BACKEND(NestRaceTest);

// CVE-2020-0466, CVE-2021-1048: the walk listed files to count their paths without holding a
// reference.
TEST_P(NestRaceTest, FilesBelowCloseWhileTheirPathsAreCounted) {
  const unique_fd above = backend_.instance();
  const unique_fd below = backend_.instance();
  const auto watch_and_close = [&] {
    std::vector<unique_fd> watched;
    for (int i = 0; i < 8; ++i) {
      watched.push_back(make_eventfd());
      checked(backend_.add(below.get(), watched.back().get(), EPOLLIN), "add");
    }
  };
  race(watch_and_close, [&](int round) {
    EXPECT_THAT(backend_.add(above.get(), below.get(), EPOLLIN), SyscallSucceeds()) << round;
    EXPECT_THAT(backend_.del(above.get(), below.get()), SyscallSucceeds()) << round;
  });
}

// CVE-2026-43074: an instance was freed while a walk from below passed through it.
TEST_P(NestRaceTest, InstancesAboveCloseWhilePathsThroughThemAreCounted) {
  const Chain chain(backend_, 3);
  const unique_fd watched = make_eventfd();
  const unique_fd below = backend_.instance();
  const auto watch_from_above_and_close = [&] {
    const unique_fd top = backend_.instance();
    checked(backend_.add(top.get(), chain.top(), EPOLLIN), "add");
  };
  race(watch_from_above_and_close, [&](int round) {
    EXPECT_THAT(backend_.add(chain.bottom(), watched.get(), EPOLLIN), SyscallSucceeds()) << round;
    EXPECT_THAT(backend_.add(chain.bottom(), below.get(), EPOLLIN), SyscallSucceeds()) << round;
    EXPECT_THAT(backend_.del(chain.bottom(), watched.get()), SyscallSucceeds()) << round;
    EXPECT_THAT(backend_.del(chain.bottom(), below.get()), SyscallSucceeds()) << round;
  });
}

// The same for instances that are watched themselves, so the walk continues above them.
TEST_P(NestRaceTest, ChainsAboveCloseWhilePathsThroughThemAreCounted) {
  const unique_fd joint = backend_.instance();
  const unique_fd watched = make_eventfd();
  const unique_fd below = backend_.instance();
  const auto watch_from_above_and_close = [&] {
    const Chain above(backend_, 3);
    checked(backend_.add(above.bottom(), joint.get(), EPOLLIN), "add");
  };
  race(watch_from_above_and_close, [&](int round) {
    EXPECT_THAT(backend_.add(joint.get(), watched.get(), EPOLLIN), SyscallSucceeds()) << round;
    EXPECT_THAT(backend_.add(joint.get(), below.get(), EPOLLIN), SyscallSucceeds()) << round;
    EXPECT_THAT(backend_.del(joint.get(), watched.get()), SyscallSucceeds()) << round;
    EXPECT_THAT(backend_.del(joint.get(), below.get()), SyscallSucceeds()) << round;
  });
}

// A link that exists all the time counts, whether the instance above it is watched or not.
TEST_P(NestRaceTest, ChainsAreTooLongWhileTheInstancesAboveThemAreWatchedAndUnwatched) {
  const Chain above(backend_, 2);
  const unique_fd watcher = backend_.instance();
  const unique_fd joint = backend_.instance();
  const Chain below(backend_, 4);
  checked(backend_.add(watcher.get(), joint.get(), EPOLLIN), "add");
  const auto watch_and_unwatch = [&] {
    checked(backend_.add(above.bottom(), watcher.get(), EPOLLIN), "add");
    checked(backend_.del(above.bottom(), watcher.get()), "del");
  };
  race(watch_and_unwatch, [&](int round) {
    EXPECT_THAT(backend_.add(joint.get(), below.top(), EPOLLIN), SyscallFailsWithErrno(ELOOP))
        << round;
  });
}

TEST_P(NestRaceTest, LoopsAreFoundWhileOtherBranchesComeAndGo) {
  const Chain chain(backend_, 3);
  const auto branch_and_close = [&] {
    const Chain branch(backend_, 2);
    checked(backend_.add(chain.top(), branch.top(), EPOLLIN), "add");
  };
  race(branch_and_close, [&](int round) {
    EXPECT_THAT(backend_.add(chain.bottom(), chain.top(), EPOLLIN), SyscallFailsWithErrno(ELOOP))
        << round;
  });
}

}  // namespace
}  // namespace xpoll::test
