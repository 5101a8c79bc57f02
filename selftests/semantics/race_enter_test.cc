// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_IOC_ENTER and XPOLL_IOC_POST race with closes, other threads' changes and waits.
#include <algorithm>
#include <atomic>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/enter.h"
#include "util/matchers.h"
#include "util/race.h"
#include "util/stats.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

constexpr std::uint32_t kOnce = EPOLLIN | EPOLLONESHOT;

class RaceEnterTest : public XpollOnly {
 protected:
  const unique_fd ep_{backend_.create1(EPOLL_CLOEXEC)};
};

// Each result is one that some order of the calls gives.
TEST_F(RaceEnterTest, ChangesRaceWithCtlOfTheSameDescriptors) {
  std::vector<unique_fd> fds;
  for (int i = 0; i < 20; ++i) fds.push_back(make_eventfd(1));
  std::vector<struct xpoll_change> changes;
  for (const unique_fd& fd : fds)
    for (const int op : {XPOLL_CTL_UPSERT + 0, EPOLL_CTL_MOD + 0})
      changes.push_back(change_of(op, fd.get(), kOnce));
  Enter call(ep_.get(), changes, 64);
  race(
      stress_rounds(150), [] {},
      {[&] {
         EXPECT_GE(call.call(), 0);
         EXPECT_EQ(call.arguments.done, changes.size());
         for (std::size_t i = 0; i < changes.size(); ++i)
           EXPECT_TRUE(call.changes[i].result == 0 || (i % 2 && call.changes[i].result == -ENOENT))
               << call.changes[i].result;
       },
       [&] {
         for (const unique_fd& fd : fds) {
           backend_.del(ep_.get(), fd.get());
           backend_.add(ep_.get(), fd.get(), EPOLLIN | EPOLLET);
           backend_.mod(ep_.get(), fd.get(), kOnce);
         }
       },
       [&] { backend_.ready(ep_.get()); }},
      [] {});
}

// A file that is closed while a change holds it is released although the task then sleeps.
TEST_F(RaceEnterTest, AFileThatIsClosedDuringAChangeIsReleasedThoughTheTaskSleeps) {
  const unique_fd end = make_eventfd();
  ASSERT_THAT(backend_.add(ep_.get(), end.get(), EPOLLIN | EPOLLET, ~std::uint64_t{0}),
              SyscallSucceeds());
  std::pair<unique_fd, unique_fd> pair;
  std::vector<struct xpoll_change> changes;
  race(
      stress_rounds(150),
      [&] {
        pair = unix_pair();
        changes.assign(64, change_of(XPOLL_CTL_UPSERT, pair.second.get(), EPOLLPRI));
      },
      {[&] {
         Enter call(ep_.get(), changes);
         call.arguments.timeout_ns = -1;
         while (call.call() >= 0 && call.events()[0].data.u64 != ~std::uint64_t{0}) continue;
       },
       [&] {
         pair.second.reset();
         const PostAtExit stop(end);
         wait_until("the end of the closed file", [&] {
           char byte;
           return read(pair.first.get(), &byte, 1) == 0;
         });
       }},
      [&] { EXPECT_EQ(stats_of(ep_).open_watches, 1U); });
}

TEST_F(RaceEnterTest, RearmByEnterLosesNoWake) {
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep_.get(), eventfd.get(), kOnce), SyscallSucceeds());
  Enter call(ep_.get(), {change_of(EPOLL_CTL_MOD, eventfd.get(), kOnce)});
  call.arguments.timeout_ns = -1;
  race(
      stress_rounds(1000), [] {},
      {[&] {
         EXPECT_THAT(call.call(), SyscallSucceedsWithValue(1));
         eventfd_t count;
         wait_until("the count posted", [&] { return eventfd_read(eventfd.get(), &count) == 0; });
       },
       [&] { post(eventfd); }},
      [] {});
}

// Two threads re-arm and take; each event is taken by exactly one of them.
TEST_F(RaceEnterTest, TwoThreadsThatRearmTakeEachEventOnce) {
  constexpr int kWatches = 8;
  std::vector<unique_fd> fds;
  for (int i = 0; i < kWatches; ++i) {
    fds.push_back(make_eventfd());
    ASSERT_THAT(backend_.add(ep_.get(), fds.back().get(), kOnce, i), SyscallSucceeds());
  }
  const unique_fd end = make_eventfd();
  ASSERT_THAT(backend_.add(ep_.get(), end.get(), EPOLLIN, 99), SyscallSucceeds());
  std::atomic<int> taken{0};
  const auto serve = [&] {
    Enter call(ep_.get());
    call.arguments.timeout_ns = -1;
    for (;;) {
      ASSERT_THAT(call.call(), SyscallSucceeds());
      for (const struct xpoll_change& change : call.changes) EXPECT_EQ(change.result, 0);
      call.changes.clear();
      for (const epoll_event& event : call.events()) {
        if (event.data.u64 == 99) return;
        const unique_fd& fd = fds[event.data.u64];
        taken += static_cast<int>(take(fd));  // ONESHOT: nobody else takes it
        call.changes.push_back(change_of(EPOLL_CTL_MOD, fd.get(), kOnce, event.data.u64));
      }
    }
  };
  Thread one(serve);
  Thread other(serve);
  const PostAtExit stop(end);
  const int rounds = stress_rounds(300);
  for (int round = 0; round < rounds; ++round)
    for (const unique_fd& fd : fds) post(fd);
  wait_until("all events taken", [&] { return taken == rounds * kWatches; });
}

TEST_F(RaceEnterTest, EachPostReachesAWaiter) {
  std::atomic<std::uint64_t> seen{0};
  const auto wait = [&] {
    for (;;) {
      epoll_event event;
      ASSERT_THAT(backend_.wait(ep_.get(), &event, 1, -1), SyscallSucceedsWithValue(1));
      const std::uint64_t data = event.data.u64;
      if (data == ~std::uint64_t{0}) {
        // for the other one
        ioctl(ep_.get(), XPOLL_IOC_POST, &data);
        return;
      }
      std::uint64_t before = seen;
      while (before < data && !seen.compare_exchange_weak(before, data)) continue;
    }
  };
  Thread one(wait);
  Thread other(wait);
  const std::uint64_t rounds = static_cast<std::uint64_t>(stress_rounds(2000));
  for (std::uint64_t data = 1; data <= rounds; ++data) {
    EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_POST, &data), SyscallSucceeds());
    if (data % 3 == 0) wait_until("the event seen", [&] { return seen >= data; });
  }
  const std::uint64_t end = ~std::uint64_t{0};
  EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_POST, &end), SyscallSucceeds());
}

TEST_F(RaceEnterTest, TheFirstPostsRaceWithEachOtherAndTheEnd) {
  unique_fd ep;
  const auto post_one = [&] {
    const std::uint64_t data = 1;
    ioctl(ep.get(), XPOLL_IOC_POST, &data);
  };
  race(
      stress_rounds(500), [&] { ep = backend_.instance(); },
      {post_one, post_one, [&] { backend_.ready(ep.get()); }}, [] {});
}

// Events come one by one, and each sleeper wants several of them.
TEST_F(RaceEnterTest, AMinimumLosesNoEvent) {
  constexpr unsigned kMinimum = 3;
  std::vector<unique_fd> fds;
  for (unsigned i = 0; i < kMinimum; ++i) {
    fds.push_back(make_eventfd());
    ASSERT_THAT(backend_.add(ep_.get(), fds.back().get(), EPOLLIN | EPOLLET, i), SyscallSucceeds());
  }
  Enter call(ep_.get());
  call.arguments.timeout_ns = -1;
  call.arguments.minevents = kMinimum;
  race(
      stress_rounds(500), [] {},
      {[&] { EXPECT_THAT(call.call(), SyscallSucceedsWithValue(static_cast<int>(kMinimum))); },
       [&] {
         for (const unique_fd& fd : fds) post(fd);
       }},
      [&] {
        for (const unique_fd& fd : fds) take(fd);
      });
}

TEST_F(RaceEnterTest, AMinimumAndAPlainWaiterTogetherTakeEverything) {
  constexpr int kWatches = 4;
  std::vector<unique_fd> fds;
  for (int i = 0; i < kWatches; ++i) {
    fds.push_back(make_eventfd());
    ASSERT_THAT(backend_.add(ep_.get(), fds.back().get(), kOnce, i), SyscallSucceeds());
  }
  const unique_fd end = make_eventfd();
  ASSERT_THAT(backend_.add(ep_.get(), end.get(), EPOLLIN, 99), SyscallSucceeds());
  std::atomic<int> taken{0};
  const auto serve = [&](unsigned minimum) {
    Enter call(ep_.get());
    call.arguments.timeout_ns = -1;
    call.arguments.minevents = minimum;
    call.arguments.min_wait_ns = 1'000'000;
    for (;;) {
      ASSERT_THAT(call.call(), SyscallSucceeds());
      call.changes.clear();
      for (const epoll_event& event : call.events()) {
        if (event.data.u64 == 99) return;
        taken += static_cast<int>(take(fds[event.data.u64]));
        call.changes.push_back(
            change_of(EPOLL_CTL_MOD, fds[event.data.u64].get(), kOnce, event.data.u64));
      }
    }
  };
  Thread several([&] { serve(3); });
  Thread one([&] { serve(1); });
  const PostAtExit stop(end);
  const int rounds = stress_rounds(200);
  for (int round = 0; round < rounds; ++round)
    for (const unique_fd& fd : fds) post(fd);
  wait_until("all events taken", [&] { return taken == rounds * kWatches; });
}

}  // namespace
}  // namespace xpoll::test
