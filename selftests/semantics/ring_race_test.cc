// SPDX-License-Identifier: GPL-2.0-only
// A ready ring with many consumers, with changes meanwhile, and with a user that writes anything
// into it.
#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/race.h"
#include "util/ring.h"
#include "util/stats.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

constexpr std::uint32_t kEdge = EPOLLIN | EPOLLET;
constexpr int kFiles = 8;
constexpr std::chrono::seconds kLong{30};

class RingRaceTest : public XpollOnly {
 protected:
  void SetUp() override {
    XpollOnly::SetUp();
    if (HasFatalFailure() || IsSkipped()) return;
    ring_.emplace(16U);
    for (int i = 0; i < kFiles; ++i) fds_.push_back(make_eventfd());
  }

  void watch(std::uint32_t events) {
    for (std::size_t i = 0; i < fds_.size(); ++i)
      ASSERT_THAT(ring_->change(EPOLL_CTL_ADD, fds_[i].get(), events, i), SyscallSucceeds());
  }

  // A wake-up that is lost shows as an expired timeout: what is in the ring is returned then.
  void sleep_until_ready() const {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_THAT(ring_->enter(1, std::chrono::nanoseconds(kLong).count()), testing::Gt(0));
    EXPECT_LT(std::chrono::steady_clock::now() - start, kLong) << "a wake-up was lost";
  }

  // What the file of an event has, 0 if another consumer was faster.
  eventfd_t read_count(std::uint64_t file) const {
    eventfd_t count = 0;
    return eventfd_read(fds_[file].get(), &count) == 0 ? count : 0;
  }

  // Each event of each consumer reads its file. Ends when all that was posted has been read.
  void consume_all(int posts, const std::function<void(std::atomic<std::uint64_t>&)>& consume) {
    std::atomic<std::uint64_t> got{0};
    const auto all = static_cast<std::uint64_t>(posts) * kFiles;
    std::vector<Step> steps;
    for (int i = 0; i < 3; ++i)
      steps.emplace_back([&] {
        while (got < all) consume(got);
        // the others may sleep, and a new entry wakes the next one
        ring_->take();
        const std::uint64_t data = 0;
        EXPECT_THAT(ioctl(ring_->get(), XPOLL_IOC_POST, &data), SyscallSucceeds());
      });
    steps.emplace_back([&] {
      for (int i = 0; i < posts; ++i)
        for (const unique_fd& fd : fds_) post(fd);
    });
    race(
        1, [] {}, steps, [&] { EXPECT_EQ(got, all); });
  }

  std::optional<RingInstance> ring_;
  std::vector<unique_fd> fds_;
};

TEST_F(RingRaceTest, SleepingConsumersLoseNoEvent) {
  watch(kEdge);
  consume_all(stress_rounds(1500), [&](std::atomic<std::uint64_t>& got) {
    struct xpoll_ring_event event {};
    bool any = false;
    while (xpoll_ring_take(ring_->ring(), &event)) {
      any = true;
      if (event.slot) got += read_count(event.data);
    }
    if (!any) sleep_until_ready();
  });
}

// Each event comes as the consumer falls asleep, and no later one would wake it.
TEST_F(RingRaceTest, EventThatComesAsTheConsumerFallsAsleepWakesIt) {
  watch(kEdge);
  const int rounds = stress_rounds(5000);
  std::atomic<int> taken{0};
  race(
      1, [] {},
      {[&] {
         while (taken < rounds && !HasFailure()) {
           sleep_until_ready();
           for (const auto& event : ring_->take())
             taken += static_cast<int>(read_count(event.data));
         }
         taken = rounds;
       },
       [&] {
         for (int round = 0; round < rounds && taken < rounds; ++round) {
           // from just after the consumer's last look to well after it
           for (int pause = 0; pause < round % 100; ++pause)
             std::atomic_signal_fence(std::memory_order_seq_cst);
           post(fds_[0]);
           while (taken <= round) continue;
         }
       }},
      [] {});
}

TEST_F(RingRaceTest, WaitsWithAnArrayAreConsumersToo) {
  watch(kEdge);
  std::atomic<int> turn{0};
  consume_all(stress_rounds(500), [&](std::atomic<std::uint64_t>& got) {
    if (turn++ % 2) {
      const auto start = std::chrono::steady_clock::now();
      const auto events = backend_.ready(
          ring_->get(), static_cast<int>(std::chrono::milliseconds(kLong).count()), 3);
      EXPECT_LT(std::chrono::steady_clock::now() - start, kLong) << "a wake-up was lost";
      for (const epoll_event& event : events) got += read_count(event.data.u64);
      return;
    }
    for (const auto& event : ring_->take())
      if (event.slot) got += read_count(event.data);
  });
}

TEST_F(RingRaceTest, LevelWatchesOfSeveralConsumersLoseNoEvent) {
  watch(EPOLLIN);
  consume_all(stress_rounds(300), [&](std::atomic<std::uint64_t>& got) {
    sleep_until_ready();
    struct xpoll_ring_event event {};
    if (xpoll_ring_take(ring_->ring(), &event) && event.slot) got += read_count(event.data);
  });
}

// Two at once would see each other's mark.
TEST_F(RingRaceTest, OwnerIsAloneWithItsWatch) {
  watch(kEdge);
  std::array<std::atomic<int>, kFiles> inside{};
  consume_all(stress_rounds(1500), [&](std::atomic<std::uint64_t>& got) {
    struct xpoll_ring_event event {};
    if (!xpoll_ring_own(ring_->ring(), &event)) {
      sleep_until_ready();
      return;
    }
    do {
      if (!event.slot) continue;
      EXPECT_EQ(inside[event.data]++, 0);
      got += read_count(event.data);
      EXPECT_EQ(--inside[event.data], 0);
    } while (xpoll_ring_release(ring_->ring(), &event));
  });
}

TEST_F(RingRaceTest, OneshotWatchesAreRearmedBySlot) {
  constexpr std::uint32_t kOnce = EPOLLIN | EPOLLONESHOT;
  watch(kOnce);
  consume_all(stress_rounds(500), [&](std::atomic<std::uint64_t>& got) {
    struct xpoll_ring_event event {};
    if (!xpoll_ring_take(ring_->ring(), &event)) {
      sleep_until_ready();
      return;
    }
    if (!event.slot) return;
    got += read_count(event.data);
    EXPECT_THAT(ring_->mod_slot(static_cast<int>(event.slot), kOnce, event.data),
                SyscallSucceeds());
  });
}

// The ring of 16 slots takes each watch again, although events come while watches end.
TEST_F(RingRaceTest, WatchesEndAndSlotsAreUsedAgainWhileEventsCome) {
  for (int i = 0; i < 7; ++i) fds_.push_back(make_eventfd());
  std::atomic<bool> end{false};
  race(
      1, [] {},
      {[&] {
         const SetAtExit set(end);
         for (int round = stress_rounds(1000); round; --round)
           for (std::size_t i = 0; i < fds_.size(); ++i) {
             int slot = -1;
             // an ended slot waits for the consumer
             while ((slot = ring_->change(EPOLL_CTL_ADD, fds_[i].get(), kEdge, i)) < 0)
               ASSERT_EQ(errno, ENOSPC);
             post(fds_[i]);
             if (i % 2)
               ASSERT_THAT(ring_->del_slot(slot), SyscallSucceeds());
             else
               ASSERT_THAT(backend_.del(ring_->get(), fds_[i].get()), SyscallSucceeds());
           }
       },
       [&] {
         while (!end)
           for (const auto& event : ring_->take())
             if (event.slot) {
               EXPECT_EQ(event.events, std::uint32_t{EPOLLIN});
               EXPECT_LT(event.data, fds_.size());
             }
       }},
      [&] {
        ring_->take();
        EXPECT_EQ(stats_of(ring_->fd()).open_watches, 0U);
        for (const unique_fd& fd : fds_) EXPECT_THAT(ring_->add(fd, kEdge), SyscallSucceeds());
      });
}

// Closes race with changes by slot: the file's last reference may be the change's.
TEST_F(RingRaceTest, ChangesBySlotRaceWithTheLastClose) {
  std::pair<unique_fd, unique_fd> pair;
  int slot = -1;
  race(
      stress_rounds(300),
      [&] {
        pair = unix_pair();
        slot = ring_->add(pair.second, kEdge);
        ASSERT_THAT(slot, SyscallSucceeds());
      },
      {[&] {
         for (int i = 0; i < 20; ++i)
           if (ring_->mod_slot(slot, kEdge, 1) < 0) EXPECT_EQ(errno, ENOENT);
       },
       [&] { pair.second.reset(); }, [&] { ring_->enter(); }},
      [&] {
        EXPECT_EQ(stats_of(ring_->fd()).open_watches, 0U);
        ring_->take();
      });
}

// Whatever is in the ring, calls return, and the instance and its memory end.
TEST_F(RingRaceTest, UserThatWritesAnythingHarmsOnlyItself) {
  watch(kEdge);
  const std::size_t words = ring_->header().size / sizeof(std::uint32_t);
  auto* const memory = reinterpret_cast<std::uint32_t*>(&ring_->header());
  std::atomic<bool> end{false};
  unsigned seed = 1;
  fmt::print("# seeds 1 to 5\n");
  const auto until_end = [&](const std::function<void(std::minstd_rand&)>& act) {
    return [&end, act, seed = ++seed] {
      std::minstd_rand random(seed);
      while (!end) act(random);
    };
  };
  // Instances of which nobody writes into the ring, or which have none, watch a file, too.
  const unique_fd counted = make_eventfd();
  const RingInstance bystander(16);
  const unique_fd plain(backend_.create1(EPOLL_CLOEXEC));
  ASSERT_THAT(ring_->add(counted, kEdge), SyscallSucceeds());
  ASSERT_THAT(bystander.add(counted, kEdge), SyscallSucceeds());
  ASSERT_THAT(backend_.add(plain.get(), counted.get(), kEdge), SyscallSucceeds());
  for (const unique_fd& fd : fds_) {
    ASSERT_THAT(bystander.add(fd, kEdge), SyscallSucceeds());
    ASSERT_THAT(backend_.add(plain.get(), fd.get(), kEdge), SyscallSucceeds());
  }
  std::uint64_t posted = 0;
  std::array<std::uint64_t, 2> taken{};  // by the ring, by the plain instance
  const auto data_of_counted = static_cast<std::uint64_t>(counted.get());
  const auto any_fd = [&](std::minstd_rand& random) -> const unique_fd& {
    return fds_[random() % fds_.size()];
  };
  const int slots = 16;
  race(
      1, [] {},
      {[&] {
         const SetAtExit set(end);
         std::minstd_rand random(1);
         for (int round = stress_rounds(200'000); round; --round) {
           // most often where it matters: the words of the kernel and the consumers
           const std::size_t word = random() % 4 ? random() % 48 : random() % words;
           const std::uint32_t value = random() % 2 ? random() : random() % 32;
           __atomic_store_n(&memory[word], value, __ATOMIC_RELAXED);
         }
       },
       until_end([&](auto& random) {
         ring_->enter(random() % 16, static_cast<std::int64_t>(random() % 2) * 100'000);
       }),
       until_end([&](auto& random) {
         backend_.ready(ring_->get(), static_cast<int>(random() % 2), 1 + random() % 20);
       }),
       until_end([&](auto& random) {
         const unique_fd& fd = any_fd(random);
         const std::uint32_t events = random() % 2 ? kEdge : EPOLLIN;
         ring_->change(XPOLL_CTL_UPSERT, fd.get(), events, 0);
         ring_->mod_slot(static_cast<int>(random() % slots), events | EPOLLONESHOT, 1);
         if (random() % 2)
           ring_->del_slot(static_cast<int>(random() % slots));
         else
           backend_.del(ring_->get(), any_fd(random).get());
       }),
       until_end([&](auto& random) {
         const std::uint64_t data = random();
         ioctl(ring_->get(), XPOLL_IOC_POST, &data);
         eventfd_t count = 0;
         post(any_fd(random));
         eventfd_read(any_fd(random).get(), &count);
         struct pollfd poller {
           ring_->get(), POLLIN, 0
         };
         poll(&poller, 1, 0);
       }),
       [&] {
         while (!end) {
           post(counted);
           ++posted;
           for (const auto& event : bystander.take())
             if (event.data == data_of_counted) ++taken[0];
           for (const epoll_event& event : backend_.ready(plain.get(), 0, kFiles + 1))
             if (event.data.u64 == data_of_counted) ++taken[1];
           eventfd_t count = 0;
           eventfd_read(counted.get(), &count);
         }
       }},
      [] {});
  EXPECT_GT(posted, 0U);
  EXPECT_THAT(taken, testing::ElementsAre(posted, posted));
  // it is usable again once its consumer has caught up
  for (const unique_fd& fd : fds_) backend_.del(ring_->get(), fd.get());
  backend_.del(ring_->get(), counted.get());
  ring_->header().head = 0;
  std::vector<epoll_event> events(64);
  for (int round = 0; round < 100; ++round) backend_.wait(ring_->get(), events.data(), 64, 0);
  EXPECT_EQ(stats_of(ring_->fd()).open_watches, 0U);
  // a consumer that has given up what it owned, and has taken all: post() writes the tail again
  for (std::uint32_t slot = 0; slot < slots; ++slot) ring_->bits(slot) = 0;
  const std::uint64_t data = 1;
  ASSERT_THAT(ioctl(ring_->get(), XPOLL_IOC_POST, &data), SyscallSucceeds());
  ring_->header().head = ring_->header().tail;
  ring_->bits(0) = 0;
  for (const unique_fd& fd : fds_) {
    eventfd_t count = 0;
    eventfd_read(fd.get(), &count);
    ASSERT_THAT(ring_->add(fd, kEdge), SyscallSucceeds());
    post(fd);
  }
  EXPECT_EQ(backend_.ready(ring_->get(), 0, kFiles + 1).size(), std::size_t{kFiles});
}

}  // namespace
}  // namespace xpoll::test
