// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_CHANGE_TIME: when and how often a watch was woken.
#include <sys/mman.h>

#include <chrono>
#include <optional>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/cookie.h"
#include "util/each_backend.h"
#include "util/extended.h"
#include "util/fault_gate.h"
#include "util/guarded_memory.h"
#include "util/matchers.h"
#include "util/monotonic.h"
#include "util/process.h"
#include "util/race.h"
#include "util/requires.h"
#include "util/stress.h"
#include "util/time_namespace.h"
#include "util/wake_instances.h"

namespace xpoll::test {
namespace {

using testing::AllOf;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;

class ExtendedTimeTest : public XpollOnly {
 protected:
  int change(int op, const unique_fd& fd, std::uint32_t events,
             unsigned flags = XPOLL_CHANGE_TIME) const {
    struct xpoll_change change = change_of(op, fd.get(), events);
    change.flags = static_cast<__u16>(flags);
    return ioctl(ep_.get(), XPOLL_IOC_CHANGE, &change);
  }
  void add(const unique_fd& fd, std::uint32_t events = EPOLLIN) const {
    ASSERT_THAT(change(EPOLL_CTL_ADD, fd, events), SyscallSucceeds());
  }
  std::optional<struct xpoll_event> ready() const {
    const auto events = extended_events(ep_.get());
    if (events.empty()) return std::nullopt;
    EXPECT_EQ(events.size(), 1U);
    return events[0];
  }
  void expect_none() const {
    const auto event = ready();
    ASSERT_TRUE(event);
    EXPECT_EQ(event->wakeups, 0U);
    EXPECT_EQ(event->time_ns, 0U);
  }
  void expect_woken(unsigned wakeups, std::uint64_t from, std::uint64_t until) const {
    const auto event = ready();
    ASSERT_TRUE(event);
    EXPECT_EQ(event->wakeups, wakeups);
    EXPECT_THAT(event->time_ns, AllOf(Ge(from), Le(until)));
  }

  const unique_fd ep_ = backend_.instance();
  unique_fd file_ = make_eventfd();
};

TEST_F(ExtendedTimeTest, FirstOfSeveralWakeUps) {
  add(file_);
  const std::uint64_t before = monotonic_ns();
  post(file_);
  const std::uint64_t after = monotonic_ns();
  post(file_);
  post(file_);
  expect_woken(3, before, after);
}

TEST_F(ExtendedTimeTest, CountsFromTheLastEvent) {
  add(file_);
  post(file_);
  post(file_);
  ASSERT_TRUE(ready());
  expect_none();
  const std::uint64_t before = monotonic_ns();
  post(file_);
  expect_woken(1, before, monotonic_ns());
  expect_none();
}

TEST_F(ExtendedTimeTest, AWakeUpDuringTheStoreCountsForTheNextEvent) {
  if (!FaultGate::available()) GTEST_SKIP() << "userfaultfd is not permitted";
  FaultGate gate;
  add(file_, EPOLLIN | EPOLLET);
  post(file_);
  const auto* event = reinterpret_cast<const struct xpoll_event*>(gate.array_gated_at(0));
  ExtendedWait wait(ep_.get(), 1);
  wait.arguments.events = address(event);
  int count = -1;
  std::uint64_t before = 0;
  std::uint64_t after = 0;
  Thread waiter([&] { count = wait.call(); });
  {
    const OpenAtExit open(gate);
    gate.wait_until_reached();
    before = monotonic_ns();
    post(file_);
    after = monotonic_ns();
  }
  waiter.join();
  ASSERT_EQ(count, 1);
  EXPECT_EQ(event->wakeups, 1U);
  expect_woken(1, before, after);
}

TEST_F(ExtendedTimeTest, ReadyWhenAdded) {
  post(file_);
  add(file_);
  expect_none();
}

TEST_F(ExtendedTimeTest, WatchWithoutTheFlag) {
  ASSERT_THAT(change(EPOLL_CTL_ADD, file_, EPOLLIN, 0), SyscallSucceeds());
  post(file_);
  expect_none();
}

TEST_F(ExtendedTimeTest, UpsertAdds) {
  ASSERT_THAT(change(XPOLL_CTL_UPSERT, file_, EPOLLIN), SyscallSucceeds());
  const std::uint64_t before = monotonic_ns();
  post(file_);
  expect_woken(1, before, monotonic_ns());
  ASSERT_THAT(change(XPOLL_CTL_UPSERT, file_, EPOLLIN, 0), SyscallSucceeds());
  const std::uint64_t again = monotonic_ns();
  post(file_);
  expect_woken(1, again, monotonic_ns());
}

TEST_F(ExtendedTimeTest, UpsertOfWhatIsWatchedDoesNotSetIt) {
  for (const unsigned flags : {0U, XPOLL_CHANGE_COOKIE}) {
    const unique_fd file = make_eventfd();
    ASSERT_THAT(change(EPOLL_CTL_ADD, file, EPOLLIN | EPOLLET, flags), SyscallSucceeds());
    ASSERT_THAT(change(XPOLL_CTL_UPSERT, file, EPOLLIN | EPOLLET), SyscallSucceeds());
    post(file);
    expect_none();
  }
}

TEST_F(ExtendedTimeTest, ModByCookieKeepsIt) {
  const std::uint64_t cookie =
      add_with_cookie(ep_.get(), file_.get(), EPOLLOUT | EPOLLET, 1, XPOLL_CHANGE_TIME).value();
  ASSERT_TRUE(ready());
  ASSERT_THAT(mod_by_cookie(ep_.get(), cookie, EPOLLIN), SyscallSucceeds());
  const std::uint64_t before = monotonic_ns();
  post(file_);
  expect_woken(1, before, monotonic_ns());
}

TEST_F(ExtendedTimeTest, FlagIsForAdditions) {
  for (const int op : {EPOLL_CTL_MOD, EPOLL_CTL_DEL})
    EXPECT_THAT(change(op, file_, EPOLLIN), SyscallFailsWithErrno(EINVAL)) << op;
}

// What was found not to be ready any more was never delivered.
TEST_F(ExtendedTimeTest, StaysUntilAnEventIsDelivered) {
  add(file_);
  const std::uint64_t before = monotonic_ns();
  post(file_);
  const std::uint64_t after = monotonic_ns();
  take(file_);
  EXPECT_FALSE(ready());
  post(file_);
  expect_woken(2, before, after);
}

TEST_F(ExtendedTimeTest, StaysIfTheEventCantBeStored) {
  const GuardedMemory memory;
  add(file_, EPOLLIN | EPOLLET);
  const std::uint64_t before = monotonic_ns();
  post(file_);
  const std::uint64_t after = monotonic_ns();
  ExtendedWait wait(ep_.get());
  wait.arguments.events = address(memory.cut_after<struct xpoll_event>(16));
  ASSERT_THAT(wait.call(), SyscallFailsWithErrno(EFAULT));
  expect_woken(1, before, after);
}

TEST_F(ExtendedTimeTest, OtherWaitsLeaveIt) {
  add(file_);
  const std::uint64_t before = monotonic_ns();
  post(file_);
  const std::uint64_t after = monotonic_ns();
  EXPECT_THAT(backend_.ready(ep_.get()), testing::SizeIs(1));
  expect_woken(1, before, after);
}

TEST_F(ExtendedTimeTest, WakeUpsForOtherEventsDoNotCount) {
  const auto pipe = make_pipe();
  ASSERT_THAT(change(EPOLL_CTL_ADD, file_, EPOLLOUT), SyscallSucceeds());
  post(file_);
  expect_none();
}

TEST_F(ExtendedTimeTest, DisarmedWatchDoesNotCount) {
  add(file_, EPOLLIN | EPOLLONESHOT);
  post(file_);
  ASSERT_TRUE(ready());
  post(file_);
  EXPECT_FALSE(ready());
  ASSERT_THAT(change(EPOLL_CTL_MOD, file_, EPOLLIN, 0), SyscallSucceeds());
  expect_none();
}

TEST_F(ExtendedTimeTest, CountHasALimit) {
  add(file_);
  for (int i = 0; i < 65'534; ++i) post(file_);
  const auto event = ready();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->wakeups, 65'534U);
  for (int i = 0; i < 65'540; ++i) post(file_);
  EXPECT_EQ(ready().value().wakeups, 65'535U);
  post(file_);
  EXPECT_EQ(ready().value().wakeups, 1U);
}

TEST_F(ExtendedTimeTest, IsThatOfTheCallersNamespace) {
  XPOLL_REQUIRE(has_time_namespaces(), "time namespaces");
  add(file_);
  post(file_);
  Process child([&] {
    make_time_namespace(std::chrono::seconds(1'000));
    Process inside([&] {
      const std::uint64_t now = monotonic_ns();
      const std::uint64_t time = ready().value().time_ns;
      return time <= now && now - time < 900'000'000'000 ? 0 : 1;
    });
    return inside.join();
  });
  EXPECT_THAT(child.join(), SyscallSucceedsWithValue(0));
}

TEST_F(ExtendedTimeTest, ExclusiveWatch) {
  add(file_, EPOLLIN | EPOLLEXCLUSIVE);
  const std::uint64_t before = monotonic_ns();
  post(file_);
  expect_woken(1, before, monotonic_ns());
}

using ExtendedTimePolicyTest = WakeInstancesTest;

TEST_F(ExtendedTimePolicyTest, APolicyDoesNotChooseAmongWatchesThatKeepTheTime) {
  ASSERT_THAT(set_policy(device_.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  for (int i = 0; i < 3; ++i) {
    instances_.push_back(create());
    struct xpoll_change add =
        change_of(EPOLL_CTL_ADD, eventfd_.get(), EPOLLIN | EPOLLET | EPOLLEXCLUSIVE);
    add.flags = XPOLL_CHANGE_TIME;
    ASSERT_THAT(ioctl(instances_.back().get(), XPOLL_IOC_CHANGE, &add), SyscallSucceeds());
  }
  auto workers = start();
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(taker(workers, eventfd_), 0) << "the first one, as on native epoll: " << round;
    workers[0] = start_one(0);
  }
  finish(workers, eventfd_);
}

class ExtendedTimeRaceTest : public ExtendedTimeTest {};

// Each wake-up is counted once, and those that are counted have a time.
TEST_F(ExtendedTimeRaceTest, WakeUpsAndWaits) {
  constexpr int kPosts = 200;
  unsigned counted = 0;
  std::uint64_t last = 0;
  const auto collect = [&] {
    for (const struct xpoll_event& event : extended_events(ep_.get())) {
      EXPECT_EQ(event.wakeups == 0, event.time_ns == 0);
      counted += event.wakeups;
      if (event.time_ns == 0) continue;
      EXPECT_GE(event.time_ns, last);
      EXPECT_LE(event.time_ns, monotonic_ns());
      last = event.time_ns;
    }
  };
  race(
      stress_rounds(50),
      [&] {
        file_ = make_eventfd();
        add(file_, EPOLLIN | EPOLLET);
        counted = 0;
      },
      {[&] {
         for (int i = 0; i < kPosts; ++i) post(file_);
       },
       [&] {
         for (int i = 0; i < kPosts; ++i) collect();
       }},
      [&] {
        collect();
        EXPECT_EQ(counted, kPosts);
      });
}

}  // namespace
}  // namespace xpoll::test
