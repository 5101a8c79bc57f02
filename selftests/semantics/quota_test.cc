// SPDX-License-Identifier: GPL-2.0-only
// The limit on the number of watches of one user's instances. The tests run in a child as a user
// without watches, with a limit far above what the rest of the system uses.
#include <xpoll/ring.h>

#include <functional>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/watch_limit.h"
#include "util/cookie.h"
#include "util/descriptor_limit.h"
#include "util/difference.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/nest.h"
#include "util/process.h"
#include "util/watcher.h"
#include "util/wide_graph.h"

namespace xpoll::test {
namespace {

constexpr uid_t kUser = 54321;
constexpr int kLimit = 1000;
constexpr int kMoreThanTheLimit = 2 * kLimit;
// A table for a third of the limit has 512 entries, which count as (512 - 16) / 12 watches, or as
// fewer where options for debugging make a watch larger.
const auto kTablesOfTheLimit = testing::AllOf(testing::Ge(17), testing::Le(34));

class QuotaTest : public EachBackend {
 protected:
  void SetUp() override {
    EachBackend::SetUp();
    if (geteuid() != 0)
      GTEST_SKIP() << "needs root, to change the limit and to become another user";
  }

  // The result of `body` when run as that user, with its errno.
  int as_user(const std::function<int()>& body) {
    const ScopedWatchLimit limit(backend_, kLimit);
    Process child([&] {
      become_user(kUser);
      return body();
    });
    return child.join();
  }

  // The number of instances, each with a third of the limit's watches that are deleted before the
  // next one is filled, until the user has used up all watches; negative if that does not end.
  int emptied_instances_until_full(const std::function<unique_fd()>& create,
                                   const std::function<bool(int ep, int fd)>& add) {
    return as_user([&] {
      constexpr int kMost = 100;
      std::vector<unique_fd> eps;
      std::vector<unique_fd> fds;
      while (fds.size() < kLimit / 3) fds.push_back(make_eventfd());
      const auto fill_and_empty = [&](const unique_fd& ep) {
        for (const unique_fd& fd : fds)
          if (!add(ep.get(), fd.get())) return false;
        for (const unique_fd& fd : fds) checked(backend_.del(ep.get(), fd.get()), "del");
        return true;
      };
      do eps.push_back(create());
      while (fill_and_empty(eps.back()) && eps.size() < kMost);
      const int full = static_cast<int>(eps.size());
      if (errno != ENOSPC) return -1;
      // the end of an instance gives back what its table counted for
      eps.clear();
      eps.push_back(create());
      return fill_and_empty(eps.back()) ? full : -2;
    });
  }

  // The same after the user has used up all watches.
  int as_user_at_the_limit(const std::function<int(Watcher&)>& body) {
    return as_user([&] {
      Watcher watcher(backend_);
      watcher.must_fill(kLimit);
      return body(watcher);
    });
  }

  // The same, and the last watch would exceed the limit of paths per file.
  int as_user_at_both_limits(const std::function<int(Watcher&, WideGraph&)>& body) {
    return as_user([&] {
      WideGraph graph(backend_, 4);
      graph.fill();
      Watcher watcher(backend_);
      watcher.fill(kMoreThanTheLimit);
      return body(watcher, graph);
    });
  }

 private:
  const DescriptorLimit room_{4096};
};
XPOLL_FOR_EACH_BACKEND(QuotaTest);

TEST_P(QuotaTest, ExactlyTheLimitCanBeAdded) {
  const int added = as_user([&] { return Watcher(backend_).fill(kMoreThanTheLimit); });
  EXPECT_EQ(added, kLimit);
}

TEST_P(QuotaTest, TheSysctlIsNativesLimitAlone) {
  require_xpoll();
  if (IsSkipped() || HasFatalFailure()) return;
  const ScopedWatchLimit parameter(Backend::xpoll(), kLimit);
  const ScopedWatchLimit sysctl(Backend::native(), kLimit / 2);
  Process child([this] {
    become_user(kUser);
    return Watcher(backend_).fill(kMoreThanTheLimit);
  });
  const bool takes_parameter = differs(backend_, Difference::kWatchLimitIsAParameter);
  EXPECT_THAT(child.join(), SyscallSucceedsWithValue(takes_parameter ? kLimit : kLimit / 2));
}

TEST_P(QuotaTest, AddAtTheLimitIsEnospc) {
  EXPECT_THAT(as_user_at_the_limit([](Watcher& watcher) { return watcher.add_one(); }),
              SyscallFailsWithErrno(ENOSPC));
}

TEST_P(QuotaTest, AllInstancesOfAUserCountTogether) {
  const int added = as_user([&] {
    Watcher one(backend_);
    Watcher other(backend_);
    one.must_fill(kLimit / 4);
    return other.fill(kMoreThanTheLimit);
  });
  EXPECT_EQ(added, kLimit - kLimit / 4);
}

TEST_P(QuotaTest, NativeAndXpollCountTogether) {
  require_xpoll();
  if (IsSkipped() || HasFatalFailure()) return;
  const int added = as_user([&] {
    Watcher theirs(backend_.is_xpoll() ? Backend::native() : Backend::xpoll());
    Watcher ours(backend_);
    theirs.must_fill(kLimit / 4);
    return ours.fill(kMoreThanTheLimit);
  });
  EXPECT_EQ(added, kLimit - kLimit / 4);
}

// The table stays as large as it was when most watches had cookies.
TEST_P(QuotaTest, TablesOfCookiesCountWithoutWatches) {
  if (backend_.is_native()) GTEST_SKIP() << "native epoll has no cookies";
  EXPECT_THAT(emptied_instances_until_full(
                  [&] { return backend_.instance(); },
                  [](int ep, int fd) { return add_with_cookie(ep, fd).has_value(); }),
              kTablesOfTheLimit);
}

TEST_P(QuotaTest, TablesOfSlotsCountWithoutWatches) {
  if (backend_.is_native()) GTEST_SKIP() << "native epoll has no ready rings";
  EXPECT_THAT(
      emptied_instances_until_full(
          [] { return checked_fd(xpoll_ring_create(1024, EPOLL_CLOEXEC), "xpoll_ring_create"); },
          [&](int ep, int fd) { return backend_.add(ep, fd, EPOLLIN | EPOLLET) == 0; }),
      kTablesOfTheLimit);
}

TEST_P(QuotaTest, TheRefusedAddLeavesNoEntry) {
  EXPECT_THAT(as_user_at_the_limit([&](Watcher& watcher) {
                const unique_fd refused = make_eventfd();
                if (backend_.add(watcher.ep(), refused.get(), EPOLLIN) == 0) return 0;
                return backend_.del(watcher.ep(), refused.get());
              }),
              SyscallFailsWithErrno(ENOENT));
}

TEST_P(QuotaTest, ModAndDelSucceedAtTheLimit) {
  EXPECT_THAT(as_user_at_the_limit([&](Watcher& watcher) {
                if (backend_.mod(watcher.ep(), watcher.newest(), EPOLLOUT) < 0) return -1;
                return backend_.del(watcher.ep(), watcher.newest());
              }),
              SyscallSucceeds());
}

TEST_P(QuotaTest, DelGivesTheWatchBack) {
  const int added = as_user_at_the_limit([](Watcher& watcher) {
    watcher.delete_newest();
    return watcher.fill(kLimit);
  });
  EXPECT_EQ(added, 1);
}

TEST_P(QuotaTest, AutoRemovalGivesTheWatchBack) {
  const int added = as_user_at_the_limit([](Watcher& watcher) {
    watcher.close_newest();
    return watcher.fill(kLimit);
  });
  EXPECT_EQ(added, 1);
}

TEST_P(QuotaTest, CloseOfTheInstanceGivesAllItsWatchesBack) {
  const int added = as_user_at_the_limit([&](Watcher& watcher) {
    watcher.close_instance();
    return Watcher(backend_).fill(kMoreThanTheLimit);
  });
  EXPECT_EQ(added, kLimit);
}

TEST_P(QuotaTest, ExitGivesAllWatchesBack) {
  for (int round = 0; round < 2; ++round) {
    const int added = as_user([&] { return Watcher(backend_).fill(kLimit); });
    EXPECT_EQ(added, kLimit) << "round " << round;
  }
}

TEST_P(QuotaTest, AddsThatFailUseNothingUp) {
  const int added = as_user_at_both_limits([&](Watcher& watcher, WideGraph& graph) {
    watcher.delete_newest();
    for (int i = 0; i < 10; ++i) {
      const int existing = backend_.add(watcher.ep(), watcher.newest(), EPOLLIN);
      const int one_path_too_many = backend_.add(graph.joint(), graph.newest(), EPOLLIN);
      if (existing == 0 || one_path_too_many == 0) return -1;
    }
    return watcher.fill(kLimit);
  });
  EXPECT_EQ(added, 1);
}

TEST_P(QuotaTest, EachUserHasALimitOfTheirOwn) {
  Watcher root(backend_);
  root.must_fill(kLimit / 4);
  const int added = as_user([&] { return Watcher(backend_).fill(kMoreThanTheLimit); });
  EXPECT_EQ(added, kLimit);
}

TEST_P(QuotaTest, TheWatchesOfAnInheritedInstanceAreChargedToItsCreator) {
  Watcher root(backend_);
  root.must_fill(kLimit / 4);
  const int added = as_user([&] { return root.fill(kMoreThanTheLimit); });
  // Root has other watches in the system.
  EXPECT_GT(added, 0);
  EXPECT_LE(added, kLimit - kLimit / 4);
}

TEST_P(QuotaTest, ALimitBelowTheWatchesInUseRefusesAddsUntilEnoughAreGivenBack) {
  constexpr int kFewer = 10;
  const ScopedWatchLimit limit(backend_, kLimit);
  Process child([&] {
    // The watches are charged to the user, but the process may still change the limit.
    checked(setresuid(kUser, 0, 0), "setresuid");
    Watcher watcher(backend_);
    watcher.must_fill(kLimit);
    const ScopedWatchLimit lower(backend_, kLimit - kFewer);
    for (int i = 0; i < kFewer; ++i) {
      watcher.delete_newest();
      if (watcher.add_one() == 0) return i;
    }
    watcher.delete_newest();
    return watcher.add_one() == 0 ? kFewer : -1;
  });
  EXPECT_EQ(child.join(), kFewer);
}

// The rest of the order of checks in ctl_order_test.cc.

TEST_P(QuotaTest, EloopComesBeforeEnospc) {
  EXPECT_THAT(as_user([&] {
                const Chain chain(backend_, 2);
                Watcher watcher(backend_);
                watcher.fill(kMoreThanTheLimit);
                return backend_.add(chain.bottom(), chain.top(), EPOLLIN);
              }),
              SyscallFailsWithErrno(ELOOP));
}

TEST_P(QuotaTest, EexistComesBeforeEnospc) {
  EXPECT_THAT(as_user_at_the_limit([&](Watcher& watcher) {
                return backend_.add(watcher.ep(), watcher.newest(), EPOLLIN);
              }),
              SyscallFailsWithErrno(EEXIST));
}

TEST_P(QuotaTest, EinvalOfTheOpComesBeforeEnospc) {
  EXPECT_THAT(as_user_at_the_limit([&](Watcher& watcher) {
                const unique_fd watched = make_eventfd();
                epoll_event event{};
                return backend_.ctl(watcher.ep(), 99, watched.get(), &event);
              }),
              SyscallFailsWithErrno(EINVAL));
}

TEST_P(QuotaTest, EnospcComesBeforeEinvalOfThePaths) {
  EXPECT_THAT(as_user_at_both_limits([&](Watcher&, WideGraph& graph) {
                return backend_.add(graph.joint(), graph.newest(), EPOLLIN);
              }),
              SyscallFailsWithErrno(ENOSPC));
}

}  // namespace
}  // namespace xpoll::test
