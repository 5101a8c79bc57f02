// SPDX-License-Identifier: GPL-2.0-only
// An instance with an event of its own, by XPOLL_IOC_POST, in a ready ring or at the end of a
// watch, is where wake-ups begin, as a file is. So the paths up from it are limited as those of a
// file that only it watches.
#include <fcntl.h>

#include <atomic>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/descriptor_limit.h"
#include "util/each_backend.h"
#include "util/enter.h"
#include "util/matchers.h"
#include "util/nest.h"
#include "util/race.h"
#include "util/ring.h"
#include "util/stats.h"
#include "util/stress.h"
#include "util/thread.h"
#include "util/wide_graph.h"

namespace xpoll::test {
namespace {

int post_event(int ep) {
  const std::uint64_t data = 1;
  return ioctl(ep, XPOLL_IOC_POST, &data);
}

int add_that_tells_of_its_end(int ep, const unique_fd& fd) {
  struct xpoll_change change = change_of(EPOLL_CTL_ADD, fd.get(), EPOLLIN);
  change.flags = XPOLL_CHANGE_REMOVED;
  return ioctl(ep, XPOLL_IOC_CHANGE, &change);
}

// An instance that is watched by others, all of which are watched by a chain:
//
//   source <- instance, instance, ... <- joint <- ... <- top
class Fan {
 public:
  // With no links above, nobody watches the instances.
  Fan(int source, int links_above) : source_(source) {
    if (links_above > 0) chain_.emplace(kBackend, links_above);
  }

  int add_path() {
    instances_.push_back(kBackend.instance());
    if (chain_) checked(join(newest()), "add of an instance");
    return watch(newest());
  }
  // The path is complete only when the joint watches the instance.
  int add_path_joint_last() {
    instances_.push_back(kBackend.instance());
    checked(watch(newest()), "add of the source");
    return join(newest());
  }
  void add_paths(int paths) {
    for (; paths > 0; --paths) checked(add_path(), "add");
  }
  void close_newest() { instances_.pop_back(); }

 private:
  static constexpr Backend kBackend = Backend::xpoll();

  int newest() const { return instances_.back().get(); }
  int watch(int ep) const { return kBackend.add(ep, source_, EPOLLIN); }
  int join(int ep) const { return kBackend.add(chain_->bottom(), ep, EPOLLIN); }

  int source_;
  std::optional<Chain> chain_;
  std::vector<unique_fd> instances_;
};

class NestPostTest : public testing::TestWithParam<PathLimit> {
 protected:
  void SetUp() override { require_xpoll(); }

  const PathLimit limit_ = GetParam();
  const unique_fd ep_ = Backend::xpoll().instance();

 private:
  const DescriptorLimit room_{4096};
};
INSTANTIATE_TEST_SUITE_P(, NestPostTest,
                         testing::Values(PathLimit{0, 500}, PathLimit{1, 100}, PathLimit{2, 50},
                                         PathLimit{3, 10}),
                         [](const testing::TestParamInfo<PathLimit>& info) {
                           return std::to_string(info.param.paths) + "Paths";
                         });

TEST_P(NestPostTest, TheFirstPostUnderAsManyPathsAsAreAllowedSucceeds) {
  Fan fan(ep_.get(), limit_.extra_links);
  fan.add_paths(limit_.paths);
  EXPECT_THAT(post_event(ep_.get()), SyscallSucceeds());
}

TEST_P(NestPostTest, TheFirstPostUnderOnePathMoreIsEinvalUntilThePathIsGone) {
  Fan fan(ep_.get(), limit_.extra_links);
  fan.add_paths(limit_.paths + 1);
  for (int round = 0; round < 2; ++round)
    EXPECT_THAT(post_event(ep_.get()), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(Backend::xpoll().ready(ep_.get()), NoEvents());
  fan.close_newest();
  EXPECT_THAT(post_event(ep_.get()), SyscallSucceeds());
}

TEST_P(NestPostTest, AfterAPostOnePathMoreIsEinval) {
  Fan fan(ep_.get(), limit_.extra_links);
  ASSERT_THAT(post_event(ep_.get()), SyscallSucceeds());
  fan.add_paths(limit_.paths);
  EXPECT_THAT(fan.add_path(), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(post_event(ep_.get()), SyscallSucceeds());
}

TEST_P(NestPostTest, AfterAPostOnePathMoreByALinkFurtherUpIsEinval) {
  if (limit_.extra_links == 0) GTEST_SKIP() << "no link further up";
  Fan fan(ep_.get(), limit_.extra_links);
  ASSERT_THAT(post_event(ep_.get()), SyscallSucceeds());
  fan.add_paths(limit_.paths);
  EXPECT_THAT(fan.add_path_joint_last(), SyscallFailsWithErrno(EINVAL));
}

TEST_P(NestPostTest, ARefusedPostLimitsNoLaterAdd) {
  Fan fan(ep_.get(), limit_.extra_links);
  fan.add_paths(limit_.paths + 1);
  ASSERT_THAT(post_event(ep_.get()), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(fan.add_path(), SyscallSucceeds());
}

TEST_P(NestPostTest, ARingHasItsEventFromTheBeginning) {
  const RingInstance ring;
  Fan fan(ring.get(), limit_.extra_links);
  fan.add_paths(limit_.paths);
  EXPECT_THAT(fan.add_path(), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(post_event(ring.get()), SyscallSucceeds());
}

TEST_P(NestPostTest, AfterTheEndOfAWatchThatTellsOfItOnePathMoreIsEinval) {
  const unique_fd file = make_eventfd();
  ASSERT_THAT(add_that_tells_of_its_end(ep_.get(), file), SyscallSucceeds());
  ASSERT_THAT(Backend::xpoll().del(ep_.get(), file.get()), SyscallSucceeds());
  Fan fan(ep_.get(), limit_.extra_links);
  fan.add_paths(limit_.paths);
  EXPECT_THAT(fan.add_path(), SyscallFailsWithErrno(EINVAL));
}

TEST_P(NestPostTest, AWatchOfAnInstanceThatTellsOfItsEndIsEinvalUntilOnePathIsGone) {
  if (limit_.extra_links == 3) GTEST_SKIP() << "no link is left below";
  const unique_fd below = Backend::xpoll().instance();
  Fan fan(ep_.get(), limit_.extra_links);
  fan.add_paths(limit_.paths + 1);
  for (int round = 0; round < 2; ++round)
    EXPECT_THAT(add_that_tells_of_its_end(ep_.get(), below), SyscallFailsWithErrno(EINVAL));
  fan.close_newest();
  ASSERT_THAT(add_that_tells_of_its_end(ep_.get(), below), SyscallSucceeds());
  EXPECT_THAT(fan.add_path(), SyscallFailsWithErrno(EINVAL));
}

TEST_P(NestPostTest, ARefusedWatchThatTellsOfItsEndLimitsNoLaterAdd) {
  if (limit_.extra_links == 3) GTEST_SKIP() << "no link is left below";
  const unique_fd below = Backend::xpoll().instance();
  Fan fan(ep_.get(), limit_.extra_links);
  fan.add_paths(limit_.paths + 1);
  ASSERT_THAT(add_that_tells_of_its_end(ep_.get(), below), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(Backend::xpoll().ready(ep_.get()), NoEvents());
  EXPECT_THAT(fan.add_path(), SyscallSucceeds());
}

using NestPostGraphTest = XpollOnly;

// Three levels of dup()ed descriptors above an instance would have 343 paths of three links.
TEST_F(NestPostGraphTest, TheEndOfAWatchBelowAWideGraphRunsThroughFewPaths) {
  constexpr int kWidth = 7;
  constexpr std::uint64_t kMostPathsOfThreeLinks = 50;
  const unique_fd below = backend_.instance();
  const unique_fd bottom = backend_.instance();
  ASSERT_THAT(add_that_tells_of_its_end(bottom.get(), below), SyscallSucceeds());
  std::vector<unique_fd> levels;
  levels.reserve(3);
  std::vector<unique_fd> copies;
  int refused = 0;
  for (const unique_fd* lower = &bottom; levels.size() < 3; lower = &levels.back()) {
    unique_fd upper = backend_.instance();
    for (int copy = 0; copy < kWidth; ++copy) {
      copies.push_back(checked_fd(dup(lower->get()), "dup"));
      refused += backend_.add(upper.get(), copies.back().get(), EPOLLIN) < 0;
    }
    levels.push_back(std::move(upper));
  }
  EXPECT_GT(refused, 0);
  ASSERT_THAT(backend_.del(bottom.get(), below.get()), SyscallSucceeds());
  EXPECT_THAT(stats_of(levels.back()).callbacks,
              testing::AllOf(testing::Gt(0U), testing::Le(kMostPathsOfThreeLinks)));
}

// Instances that all tell of the end of the same one: below <- middle, middle, ... <- joint <- top.
class NestPostManyTellTest : public XpollOnly {
 protected:
  static constexpr unsigned kMostPathsOfTwoLinks = 100;

  void SetUp() override {
    XpollOnly::SetUp();
    if (HasFatalFailure() || IsSkipped()) return;
    ASSERT_THAT(backend_.add(top_.get(), joint_.get(), EPOLLIN), SyscallSucceeds());
  }

  int tell(const unique_fd& middle) { return add_that_tells_of_its_end(middle.get(), below_); }
  int nest(const unique_fd& middle) { return backend_.add(joint_.get(), middle.get(), EPOLLIN); }
  const unique_fd& next() {
    middles_.push_back(backend_.instance());
    return middles_.back();
  }
  void expect_few_callbacks_of_the_close() {
    below_.reset();
    EXPECT_THAT(stats_of(top_).callbacks,
                testing::AllOf(testing::Gt(0U), testing::Le(kMostPathsOfTwoLinks)));
  }

  unique_fd below_ = backend_.instance();
  const unique_fd joint_ = backend_.instance();
  const unique_fd top_ = backend_.instance();

 private:
  std::vector<unique_fd> middles_;
};

TEST_F(NestPostManyTellTest, TheOneMoreThatWouldTellIsEinval) {
  for (unsigned i = 0; i < kMostPathsOfTwoLinks; ++i) {
    const unique_fd& middle = next();
    ASSERT_THAT(nest(middle), SyscallSucceeds());
    ASSERT_THAT(tell(middle), SyscallSucceeds());
  }
  const unique_fd& one_more = next();
  ASSERT_THAT(nest(one_more), SyscallSucceeds());
  EXPECT_THAT(tell(one_more), SyscallFailsWithErrno(EINVAL));
  expect_few_callbacks_of_the_close();
}

TEST_F(NestPostManyTellTest, TheOneMoreThatWouldBeNestedIsEinval) {
  for (unsigned i = 0; i < kMostPathsOfTwoLinks; ++i) {
    const unique_fd& middle = next();
    ASSERT_THAT(tell(middle), SyscallSucceeds());
    ASSERT_THAT(nest(middle), SyscallSucceeds());
  }
  const unique_fd& one_more = next();
  ASSERT_THAT(tell(one_more), SyscallSucceeds());
  EXPECT_THAT(nest(one_more), SyscallFailsWithErrno(EINVAL));
  expect_few_callbacks_of_the_close();
}

TEST_F(NestPostManyTellTest, ARefusedWatchDoesNotLimitThePathsUpFromItsInstance) {
  const auto watch_plainly = [&] {
    const unique_fd& middle = next();
    ASSERT_THAT(nest(middle), SyscallSucceeds());
    ASSERT_THAT(backend_.add(middle.get(), below_.get(), EPOLLIN), SyscallSucceeds());
  };
  for (unsigned i = 0; i < kMostPathsOfTwoLinks; ++i) watch_plainly();
  const unique_fd& one_more = next();
  ASSERT_THAT(nest(one_more), SyscallSucceeds());
  ASSERT_THAT(tell(one_more), SyscallFailsWithErrno(EINVAL));
  watch_plainly();
}

// Another thread makes posts that are refused.
class NestRefusedPostTest : public XpollOnly {
 protected:
  void SetUp() override {
    XpollOnly::SetUp();
    fan_.add_paths(501);
  }

  void expect_adds_succeed(const unique_fd& watcher, const unique_fd& watched) {
    std::atomic<bool> done = false;
    std::atomic<int> refused = 0;
    int accepted = 0;
    Thread poster([&] {
      while (!done) {
        accepted += post_event(ep_.get()) == 0;
        refused += errno == EINVAL;
      }
    });
    {
      const SetAtExit finish(done);
      wait_until("a refused post", [&] { return refused > 0; });
      for (int round = stress_rounds(300); round > 0 && !HasFailure(); --round) {
        EXPECT_THAT(backend_.add(watcher.get(), watched.get(), EPOLLIN), SyscallSucceeds());
        EXPECT_THAT(backend_.del(watcher.get(), watched.get()), SyscallSucceeds());
      }
    }
    poster.join();
    EXPECT_EQ(accepted, 0);
    RecordProperty("refused", refused);
  }

  const unique_fd ep_ = backend_.instance();
  const unique_fd fresh_ = backend_.instance();

 private:
  const DescriptorLimit room_{4096};
  Fan fan_{ep_.get(), 0};
};

TEST_F(NestRefusedPostTest, FailsNoAddBelow) { expect_adds_succeed(ep_, fresh_); }

TEST_F(NestRefusedPostTest, FailsNoAddAbove) { expect_adds_succeed(fresh_, ep_); }

// Each instance of a level watches each one of the next level.
TEST_F(NestPostGraphTest, APostUnderAWideAndDeepGraphRunsThroughNothing) {
  constexpr std::size_t kWidth = 8;
  std::vector<unique_fd> tops;
  std::vector<unique_fd> kept;
  const unique_fd bottom = backend_.instance();
  std::vector<int> below{bottom.get()};
  for (int level = 0; level < 4; ++level) {
    std::vector<unique_fd> above;
    while (above.size() < kWidth) above.push_back(backend_.instance());
    std::vector<int> fds;
    for (const unique_fd& ep : above) {
      for (const int fd : below)
        ASSERT_THAT(backend_.add(ep.get(), fd, EPOLLIN), SyscallSucceeds());
      fds.push_back(ep.get());
    }
    below = fds;
    std::vector<unique_fd>& to = level == 3 ? tops : kept;
    for (unique_fd& ep : above) to.push_back(std::move(ep));
  }
  EXPECT_THAT(post_event(bottom.get()), SyscallFailsWithErrno(EINVAL));
  for (const unique_fd& top : tops) EXPECT_EQ(stats_of(top).callbacks, 0U);
}

// The watched instance has no file below it, so no limit of paths counts its watches.
TEST_F(NestPostGraphTest, TheEndsOfManyWatchesOfAnInstanceWakeAWatcherOnce) {
  constexpr int kNumbers = 100;
  unique_fd below = backend_.instance();
  const unique_fd bottom = backend_.instance();
  const unique_fd top = backend_.instance();
  for (int number = 0; number < kNumbers; ++number) {
    // The watch outlives its number, which is different each time.
    const unique_fd copy = checked_fd(fcntl(below.get(), F_DUPFD_CLOEXEC, 500 + number), "fcntl");
    ASSERT_THAT(add_that_tells_of_its_end(bottom.get(), copy), SyscallSucceeds());
  }
  ASSERT_THAT(backend_.add(top.get(), bottom.get(), EPOLLIN), SyscallSucceeds());
  below.reset();
  EXPECT_THAT(Backend::xpoll().ready(bottom.get(), 0, 2 * kNumbers), testing::SizeIs(kNumbers));
  EXPECT_EQ(stats_of(top).callbacks, 1U);
}

// The ADD gives the instance too many paths if it has an event: one of the two calls fails, not
// both.
TEST_F(NestPostGraphTest, TheFirstPostRacesWithTheFirstAddThatWatchesTheInstance) {
  constexpr int kTops = 101;
  const unique_fd middle = backend_.instance();
  std::vector<unique_fd> tops;
  while (tops.size() < kTops) {
    tops.push_back(backend_.instance());
    ASSERT_THAT(backend_.add(tops.back().get(), middle.get(), EPOLLIN), SyscallSucceeds());
  }
  unique_fd ep;
  int posted = 0;
  int added = 0;
  int posts = 0;
  race(
      stress_rounds(300), [&] { ep = backend_.instance(); },
      {[&] { posted = post_event(ep.get()); },
       [&] { added = backend_.add(middle.get(), ep.get(), EPOLLIN); }},
      [&] {
        posts += posted == 0;
        EXPECT_NE(posted == 0, added == 0) << "POST: " << posted << ", ADD: " << added;
      });
  RecordProperty("posts", posts);
}

}  // namespace
}  // namespace xpoll::test
