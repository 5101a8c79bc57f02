// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_CHANGE_REMOVED: a watch's last event, which says that it has ended.
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <map>
#include <optional>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "tools/util/watch_limit.h"
#include "util/cookie.h"
#include "util/each_backend.h"
#include "util/epoll_calls.h"
#include "util/extended.h"
#include "util/fault_gate.h"
#include "util/guarded_memory.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/race.h"
#include "util/requires.h"
#include "util/ring.h"
#include "util/sleep_watch.h"
#include "util/stats.h"
#include "util/stress.h"
#include "util/task_state.h"
#include "util/thread.h"
#include "util/waiter.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

class RemovedTest : public XpollOnly {
 protected:
  std::uint64_t add(int fd, std::uint32_t events = EPOLLIN, unsigned flags = 0) const {
    return add_with_cookie(ep_.get(), fd, events, kData, XPOLL_CHANGE_REMOVED | flags).value();
  }
  std::uint64_t add(const unique_fd& fd) const { return add(fd.get()); }

  // The watch with this cookie has told that it ended, and tells nothing more.
  void expect_told(std::uint64_t cookie) const {
    wait_until("the watch has told", [&] {
      pollfd instance{.fd = ep_.get(), .events = POLLIN, .revents = 0};
      return ::poll(&instance, 1, 0) == 1;
    });
    EXPECT_THAT(extended_events(ep_.get()),
                ElementsAre(AllOf(Field("events", &xpoll_event::events, XPOLL_EVENT_REMOVED),
                                  Field("data", &xpoll_event::data, kData),
                                  Field("cookie", &xpoll_event::cookie, cookie),
                                  Field("amount", &xpoll_event::amount, XPOLL_AMOUNT_UNKNOWN),
                                  Field("wakeups", &xpoll_event::wakeups, 0),
                                  Field("time_ns", &xpoll_event::time_ns, 0U))));
    EXPECT_THAT(extended_events(ep_.get()), IsEmpty());
    EXPECT_EQ(watch_count(ep_.get()), 0U);
  }

  static constexpr std::uint64_t kData = 0x1234'5678'9abc'def0;
  const unique_fd ep_ = backend_.instance();
  unique_fd file_ = make_eventfd(1);
};

TEST_F(RemovedTest, FeatureIsTold) {
  EXPECT_TRUE(module_features().features & XPOLL_FEATURE_REMOVED);
}

TEST_F(RemovedTest, DelByNumber) {
  const std::uint64_t cookie = add(file_);
  ASSERT_THAT(backend_.del(ep_.get(), file_.get()), SyscallSucceeds());
  expect_told(cookie);
}

TEST_F(RemovedTest, DelByCookie) {
  const std::uint64_t cookie = add(file_);
  ASSERT_THAT(del_by_cookie(ep_.get(), cookie), SyscallSucceeds());
  EXPECT_THAT(del_by_cookie(ep_.get(), cookie), SyscallFailsWithErrno(ENOENT));
  expect_told(cookie);
}

TEST_F(RemovedTest, HasNoTimeOfEarlierWakeUps) {
  const std::uint64_t cookie = add(file_.get(), EPOLLIN, XPOLL_CHANGE_TIME);
  post(file_);
  ASSERT_THAT(del_by_cookie(ep_.get(), cookie), SyscallSucceeds());
  expect_told(cookie);
}

TEST_F(RemovedTest, LastClose) {
  const std::uint64_t cookie = add(file_);
  file_.reset();
  expect_told(cookie);
}

TEST_F(RemovedTest, CloseOfTheNumber) {
  const unique_fd dup = duplicate(file_);
  const std::uint64_t cookie = add(file_.get(), EPOLLIN, XPOLL_CHANGE_CLOSE);
  file_.reset();
  expect_told(cookie);
}

TEST_F(RemovedTest, Dup2OntoTheNumber) {
  const unique_fd dup = duplicate(file_);
  const unique_fd other = make_eventfd();
  const std::uint64_t cookie = add(file_.get(), EPOLLIN, XPOLL_CHANGE_CLOSE);
  checked(dup2(other.get(), file_.get()), "dup2");
  expect_told(cookie);
}

TEST_F(RemovedTest, ExitOfTheProcessThatAdded) {
  std::uint64_t cookie = 0;
  Process child([&]() -> int {
    const unique_fd own = duplicate(file_);
    cookie = add(own.get(), EPOLLIN, XPOLL_CHANGE_CLOSE);
    _exit(cookie == 0 ? 0 : 1);
  });
  child.join_killed();
  expect_told(0);
}

TEST_F(RemovedTest, EndOfAWatchedInstance) {
  unique_fd inner = backend_.instance();
  const std::uint64_t cookie = add(inner);
  inner.reset();
  expect_told(cookie);
}

TEST_F(RemovedTest, WatchThatKeepsTheSystemAwake) {
  for (int i = 0; i < 10; ++i) {
    const std::uint64_t cookie = add(file_.get(), EPOLLIN | EPOLLWAKEUP);
    ASSERT_THAT(del_by_cookie(ep_.get(), cookie), SyscallSucceeds());
    expect_told(cookie);
  }
}

TEST_F(RemovedTest, UpsertThatAdds) {
  struct xpoll_change change = change_of(XPOLL_CTL_UPSERT, file_.get(), EPOLLIN, kData);
  change.flags = XPOLL_CHANGE_REMOVED;
  ASSERT_THAT(ioctl(ep_.get(), XPOLL_IOC_CHANGE, &change), SyscallSucceeds());
  file_.reset();
  expect_told(XPOLL_COOKIE_NONE);
}

TEST_F(RemovedTest, UpsertOfWhatIsWatchedLeavesItAsItIs) {
  const auto upsert = [&](unsigned flags) {
    struct xpoll_change change = change_of(XPOLL_CTL_UPSERT, file_.get(), EPOLLIN, kData);
    change.flags = static_cast<__u16>(flags);
    return ioctl(ep_.get(), XPOLL_IOC_CHANGE, &change);
  };
  const std::uint64_t cookie = add(file_);
  ASSERT_THAT(upsert(0), SyscallSucceeds());
  ASSERT_THAT(backend_.del(ep_.get(), file_.get()), SyscallSucceeds());
  expect_told(cookie);
  // with a cookie, so that it is an item of the same kind
  ASSERT_TRUE(add_with_cookie(ep_.get(), file_.get()));
  ASSERT_THAT(upsert(XPOLL_CHANGE_REMOVED), SyscallSucceeds());
  ASSERT_THAT(backend_.del(ep_.get(), file_.get()), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
}

TEST_F(RemovedTest, ExclusiveWatch) {
  const std::uint64_t cookie = add(file_.get(), EPOLLIN | EPOLLEXCLUSIVE);
  file_.reset();
  expect_told(cookie);
}

TEST_F(RemovedTest, DisarmedWatch) {
  const std::uint64_t cookie = add(file_.get(), EPOLLIN | EPOLLONESHOT);
  ASSERT_THAT(backend_.ready(ep_.get()), Events(Event(kData, EPOLLIN)));
  file_.reset();
  expect_told(cookie);
}

TEST_F(RemovedTest, HasTheDataOfTheLastChange) {
  const std::uint64_t cookie = add(file_);
  ASSERT_THAT(mod_by_cookie(ep_.get(), cookie, EPOLLIN, 5), SyscallSucceeds());
  ASSERT_THAT(del_by_cookie(ep_.get(), cookie), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(5, XPOLL_EVENT_REMOVED)));
}

TEST_F(RemovedTest, FlagIsForAdditions) {
  for (const int op : {EPOLL_CTL_MOD, EPOLL_CTL_DEL}) {
    struct xpoll_change change = change_of(op, file_.get(), EPOLLIN);
    change.flags = XPOLL_CHANGE_REMOVED;
    EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_CHANGE, &change), SyscallFailsWithErrno(EINVAL)) << op;
  }
}

TEST_F(RemovedTest, OnARingItIsEinval) {
  const RingInstance ring;
  struct xpoll_change change = change_of(EPOLL_CTL_ADD, file_.get(), EPOLLIN);
  change.flags = XPOLL_CHANGE_REMOVED;
  EXPECT_THAT(ioctl(ring.get(), XPOLL_IOC_CHANGE, &change), SyscallFailsWithErrno(EINVAL));
}

TEST_F(RemovedTest, AdditionThatFailsTellsNothing) {
  add(file_);
  EXPECT_FALSE(add_with_cookie(ep_.get(), file_.get(), EPOLLIN, 1, XPOLL_CHANGE_REMOVED));
  EXPECT_FALSE(add_with_cookie(ep_.get(), -1, EPOLLIN, 1, XPOLL_CHANGE_REMOVED));
  EXPECT_FALSE(add_with_cookie(ep_.get(), ep_.get(), EPOLLIN, 1, XPOLL_CHANGE_REMOVED));
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(kData, EPOLLIN)));
}

TEST_F(RemovedTest, OthersTellNothing) {
  ASSERT_TRUE(add_with_cookie(ep_.get(), file_.get()));
  const unique_fd telling = make_eventfd();
  add(telling);
  file_.reset();
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
}

TEST_F(RemovedTest, EventsOfTheWatchAreGone) {
  const std::uint64_t cookie = add(file_);
  ASSERT_THAT(backend_.ready(ep_.get()), Events(Event(kData, EPOLLIN)));
  ASSERT_THAT(backend_.del(ep_.get(), file_.get()), SyscallSucceeds());
  post(file_);
  expect_told(cookie);
}

TEST_F(RemovedTest, NumberCanBeWatchedAtOnce) {
  const std::uint64_t first = add(file_);
  ASSERT_THAT(backend_.del(ep_.get(), file_.get()), SyscallSucceeds());
  const std::uint64_t second = add(file_);
  EXPECT_NE(first, second);
  const auto events = extended_events(ep_.get());
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].cookie, first);
  EXPECT_EQ(events[0].events, XPOLL_EVENT_REMOVED);
  EXPECT_EQ(events[1].cookie, second);
  EXPECT_EQ(events[1].events, EPOLLIN);
}

// The scan holds the file and polls the instance below, which another scan has. So the file's last
// reference is the scan's, whose wait then delivers the end.
TEST_F(RemovedTest, HasItsDataIfAScanHeldTheLastReference) {
  XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
  const unique_fd inner = backend_.instance();
  unique_fd middle = backend_.instance();
  checked(backend_.add(inner.get(), file_.get(), EPOLLIN | EPOLLET), "add of an eventfd");
  checked(backend_.add(middle.get(), inner.get(), EPOLLIN), "add of the inner instance");
  add(middle);
  FaultGate gate;
  Waiter below(backend_, inner.get(), gate.array_gated_at(0), 1);
  gate.wait_until_reached();
  Waiter outer(backend_, ep_.get());
  {
    const OpenAtExit open(gate);
    wait_until("the scan at the inner instance", [&] { return is_blocked_in_wait(outer.tid()); });
    middle.reset();
  }
  EXPECT_THAT(below.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(outer.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(outer.events(), Events(Event(kData, XPOLL_EVENT_REMOVED)));
}

TEST_F(RemovedTest, EachCallThatDeliversEventsHasIt) {
  epoll_event event{};
  const auto end = [&] {
    add(file_);
    ASSERT_THAT(backend_.del(ep_.get(), file_.get()), SyscallSucceeds());
  };
  end();
  EXPECT_THAT(backend_.wait(ep_.get(), &event, 1, -1), SyscallSucceedsWithValue(1));
  EXPECT_THAT(event, Event(kData, XPOLL_EVENT_REMOVED));
  end();
  Enter enter(ep_.get());
  EXPECT_THAT(enter.call(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(enter.events(), Events(Event(kData, XPOLL_EVENT_REMOVED)));
  end();
  const unique_fd ready = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep_.get(), ready.get(), EPOLLIN, 8), SyscallSucceeds());
  Enter two(ep_.get());
  two.arguments.minevents = 2;
  two.arguments.timeout_ns = -1;
  EXPECT_THAT(two.call(), SyscallSucceedsWithValue(2));
  EXPECT_THAT(two.events(), Events(Event(kData, XPOLL_EVENT_REMOVED), Event(8, EPOLLIN)));
}

TEST_F(RemovedTest, WakesAWaiter) {
  file_ = make_eventfd();
  const unique_fd dup = duplicate(file_);
  const std::uint64_t cookie = add(file_.get(), EPOLLIN, XPOLL_CHANGE_CLOSE);
  ExtendedWait wait(ep_.get());
  wait.arguments.timeout_ns = -1;
  Thread waiter([&] { wait.call(); });
  waiter.wait_until_asleep_in_wait();
  file_.reset();
  waiter.join();
  ASSERT_EQ(wait.events().size(), 1U);
  EXPECT_EQ(wait.events()[0].cookie, cookie);
}

TEST_F(RemovedTest, WakesOneOfTwoWaiters) {
  file_ = make_eventfd();
  add(file_);
  Waiter first(backend_, ep_.get());
  const SleepWatch asleep(first.tid());
  Waiter second(backend_, ep_.get());
  second.wait_until_asleep();
  file_.reset();
  EXPECT_THAT(second.join(), SyscallSucceedsWithValue(1));
  EXPECT_TRUE(asleep.undisturbed());
  file_ = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep_.get(), file_.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(first.join(), SyscallSucceedsWithValue(1));
}

TEST_F(RemovedTest, MakesTheInstanceReadable) {
  const unique_fd outer = Backend::native().instance();
  ASSERT_THAT(Backend::native().add(outer.get(), ep_.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  file_ = make_eventfd();
  const std::uint64_t cookie = add(file_);
  EXPECT_THAT(Backend::native().ready(outer.get()), NoEvents());
  file_.reset();
  EXPECT_THAT(Backend::native().ready(outer.get()), Events(Event(ep_.get(), EPOLLIN)));
  expect_told(cookie);
}

TEST_F(RemovedTest, StaysUntilItIsStored) {
  const GuardedMemory memory;
  std::vector<std::uint64_t> cookies;
  std::vector<unique_fd> files;
  for (int i = 0; i < 3; ++i) {
    files.push_back(make_eventfd());
    cookies.push_back(add(files.back()));
  }
  files.clear();
  ExtendedWait wait(ep_.get());
  wait.arguments.events = address(memory.cut_after<struct xpoll_event>(8));
  EXPECT_THAT(wait.call(), SyscallFailsWithErrno(EFAULT));
  wait.arguments.events = address(memory.cut_after<struct xpoll_event>(40));
  EXPECT_THAT(wait.call(), SyscallSucceedsWithValue(1));
  epoll_event* const nowhere = memory.inaccessible<epoll_event>();
  EXPECT_THAT(backend_.wait(ep_.get(), nowhere, 1, 0), SyscallFailsWithErrno(EFAULT));
  ExtendedWait one(ep_.get(), 1);
  for (const std::size_t rest : {1, 2}) {
    ASSERT_THAT(one.call(), SyscallSucceedsWithValue(1));
    EXPECT_EQ(one.events()[0].cookie, cookies[rest]);
  }
  EXPECT_THAT(extended_events(ep_.get()), IsEmpty());
}

TEST_F(RemovedTest, EndsWithTheInstance) {
  for (int i = 0; i < 100; ++i) {
    const unique_fd ep = backend_.instance();
    const unique_fd ended = make_eventfd();
    for (const int fd : {file_.get(), ended.get()})
      ASSERT_TRUE(add_with_cookie(ep.get(), fd, EPOLLIN, 1, XPOLL_CHANGE_REMOVED));
    ASSERT_THAT(backend_.del(ep.get(), ended.get()), SyscallSucceeds());
  }
}

TEST_F(RemovedTest, CountsAsAWatchUntilItIsDelivered) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to change the limit";
  constexpr std::int64_t kLimit = 10'000;
  const ScopedWatchLimit limit(backend_, kLimit);
  Process user([&] {
    become_user(4'243);
    const unique_fd ep = backend_.instance();
    const unique_fd file = make_eventfd();
    std::int64_t ended = 0;
    while (add_with_cookie(ep.get(), file.get(), EPOLLIN, 1, XPOLL_CHANGE_REMOVED)) {
      if (backend_.del(ep.get(), file.get()) < 0) return 1;
      if (++ended > kLimit) return 2;
    }
    if (errno != ENOSPC || ended != kLimit || stats_of(ep).open_watches != 0) return 3;
    if (ExtendedWait(ep.get(), 1).call() != 1) return 4;
    if (!add_with_cookie(ep.get(), file.get(), EPOLLIN, 1, XPOLL_CHANGE_REMOVED)) return 5;
    if (backend_.del(ep.get(), file.get()) < 0) return 6;
    ExtendedWait all(ep.get(), kLimit);
    return all.call() == kLimit ? 0 : 7;
  });
  EXPECT_THAT(user.join(), SyscallSucceedsWithValue(0));
}

TEST_F(RemovedTest, DoesNotCountOnceTheInstanceHasEnded) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to change the limit";
  constexpr int kLimit = 1000;
  const ScopedWatchLimit limit(backend_, kLimit);
  Process user([&] {
    become_user(4'245);
    const unique_fd file = make_eventfd();
    for (int round = 0; round < 2; ++round) {
      const unique_fd ep = backend_.instance();
      int ended = 0;
      while (add_with_cookie(ep.get(), file.get(), EPOLLIN, 1, XPOLL_CHANGE_REMOVED)) {
        if (backend_.del(ep.get(), file.get()) < 0 || ++ended > kLimit) return 1;
      }
      if (errno != ENOSPC || ended != kLimit) return 2 + round;
    }
    return 0;
  });
  EXPECT_THAT(user.join(), SyscallSucceedsWithValue(0));
}

TEST_F(RemovedTest, DelAndAddInOneCall) {
  const std::uint64_t cookie = add(file_);
  struct xpoll_change again = change_of(EPOLL_CTL_ADD, file_.get(), EPOLLIN | EPOLLONESHOT, 2);
  Enter call(ep_.get(), {change_by_cookie(EPOLL_CTL_DEL, cookie), again});
  ASSERT_THAT(call.call(), SyscallSucceedsWithValue(2));
  EXPECT_THAT(call.results(), ElementsAre(0, 0));
  EXPECT_THAT(call.events(), Events(Event(kData, XPOLL_EVENT_REMOVED), Event(2, EPOLLIN)));
}

TEST_F(RemovedTest, ByEpollsOwnCalls) {
  XPOLL_REQUIRE(can_hook_epoll_calls(), kHookableEpollCalls);
  const int result = in_opted_process([&] {
    add(file_);
    epoll_event event{};
    if (epoll_ctl(ep_.get(), EPOLL_CTL_DEL, file_.get(), nullptr) < 0) return 1;
    if (epoll_wait(ep_.get(), &event, 1, -1) != 1) return 2;
    return event.events == XPOLL_EVENT_REMOVED && event.data.u64 == kData ? 0 : 3;
  });
  EXPECT_EQ(result, 0);
}

class RemovedRaceTest : public RemovedTest {
 protected:
  // What several threads got of one instance.
  struct Got {
    std::uint64_t batch;
    struct xpoll_event event;
  };
  void collect(std::vector<Got>& got) const {
    ExtendedWait wait(ep_.get(), 4);
    wait.call();
    for (const struct xpoll_event& event : wait.events())
      got.push_back({wait.arguments.batch, event});
  }
  // Each cookie has told once, in a batch after all with its events. Each event has its data.
  static void expect_in_order(const std::vector<Got>& got, std::size_t cookies) {
    for (const Got& one : got) EXPECT_EQ(one.event.data, kData);
    std::map<std::uint64_t, std::uint64_t> told;
    for (const Got& one : got)
      if (one.event.events & XPOLL_EVENT_REMOVED) {
        EXPECT_EQ(one.event.events, XPOLL_EVENT_REMOVED);
        EXPECT_TRUE(told.emplace(one.event.cookie, one.batch).second);
      }
    EXPECT_EQ(told.size(), cookies);
    for (const Got& one : got)
      if (!(one.event.events & XPOLL_EVENT_REMOVED)) {
        EXPECT_LT(one.batch, told[one.event.cookie]);
      }
  }
};

constexpr int kRounds = 100;

TEST_F(RemovedRaceTest, EventsCloseAndTwoWaiters) {
  constexpr int kWatches = 8;
  std::vector<unique_fd> files;
  unique_fd dups[kWatches];
  std::vector<Got> first;
  std::vector<Got> second;
  race(
      stress_rounds(kRounds),
      [&] {
        files.clear();
        for (unique_fd& dup : dups) {
          files.push_back(make_eventfd(1));
          dup = duplicate(files.back());
          add(files.back().get(), EPOLLIN, XPOLL_CHANGE_CLOSE);
        }
        first.clear();
        second.clear();
      },
      {[&] {
         for (unique_fd& file : files) file.reset();
       },
       [&] {
         for (int i = 0; i < kWatches; ++i) collect(first);
       },
       [&] {
         for (int i = 0; i < kWatches; ++i) collect(second);
       }},
      [&] {
        for (int i = 0; i < kWatches; ++i) collect(first);
        first.insert(first.end(), second.begin(), second.end());
        expect_in_order(first, kWatches);
      });
}

// One end wins, and it is told once.
TEST_F(RemovedRaceTest, DelLastCloseAndScan) {
  unique_fd reader;
  unique_fd writer;
  std::uint64_t cookie = 0;
  std::vector<Got> got;
  race(
      stress_rounds(kRounds),
      [&] {
        Pipe pipe = make_pipe();
        reader = std::move(pipe.reader);
        writer = std::move(pipe.writer);
        cookie = add(writer.get(), EPOLLOUT, XPOLL_CHANGE_CLOSE | XPOLL_CHANGE_TIME);
        got.clear();
      },
      {[&] { del_by_cookie(ep_.get(), cookie); }, [&] { writer.reset(); },
       [&] {
         for (int i = 0; i < 4; ++i) collect(got);
       }},
      [&] {
        wait_until("the watch has told", [&] {
          collect(got);
          return !got.empty() && got.back().event.events == XPOLL_EVENT_REMOVED;
        });
        collect(got);
        expect_in_order(got, 1);
        reader.reset();
      });
}

TEST_F(RemovedRaceTest, ReleaseOfTheInstance) {
  unique_fd ep;
  std::vector<unique_fd> files;
  race(
      stress_rounds(kRounds),
      [&] {
        ep = backend_.instance();
        files.clear();
        for (int i = 0; i < 8; ++i) {
          files.push_back(make_eventfd(1));
          add_with_cookie(ep.get(), files.back().get(), EPOLLIN, 1,
                          XPOLL_CHANGE_REMOVED | (i % 2 ? XPOLL_CHANGE_CLOSE : 0U));
        }
      },
      {[&] { ep.reset(); }, [&] { files.clear(); }}, [] {});
}

}  // namespace
}  // namespace xpoll::test
