// SPDX-License-Identifier: GPL-2.0-only
// Groups and their counters, read while instances are created and closed.
#include <sys/ioctl.h>

#include <list>

#include "stress/counted.h"
#include "tools/util/descriptors.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/stats.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

constexpr unsigned kThreads = 3;

class GroupStressTest : public XpollOnly {
 protected:
  unique_fd member() const {
    struct xpoll_create create {
      .flags = XPOLL_CLOEXEC, .group = static_cast<std::uint32_t>(group_)
    };
    return checked_fd(ioctl(device_.get(), XPOLL_IOC_CREATE, &create), "XPOLL_IOC_CREATE");
  }

  // The life of one instance: watched files, one of which is ready, its event, and closes in
  // varying order.
  void live(int round) const {
    unique_fd ready = make_eventfd(1);
    unique_fd idle = make_eventfd();
    unique_fd ep = member();
    for (const unique_fd* fd : {&ready, &idle})
      checked(backend_.add(ep.get(), fd->get(), EPOLLIN), "add");
    if (backend_.ready(ep.get()).size() != 1) throw std::runtime_error("no event");
    if (round % 2) ep.reset();
  }

  unique_fd device_ = open_device();
  int group_ = checked(ioctl(device_.get(), XPOLL_IOC_GROUP), "XPOLL_IOC_GROUP");
};

bool grew(const struct xpoll_stats& from, const struct xpoll_stats& to) {
  return from.instances <= to.instances && from.watches <= to.watches && from.scans <= to.scans &&
         from.events <= to.events && from.callbacks <= to.callbacks;
}

TEST_F(GroupStressTest, NothingIsCountedTwiceOrForgottenWhileInstancesComeAndGo) {
  const int rounds = stress_rounds(150);
  std::atomic<bool> stop{false};
  std::atomic<int> shrunk{0};
  std::atomic<int> looks{0};
  Thread reader([&] {
    struct xpoll_stats last = stats_of(device_);
    while (!stop) {
      const struct xpoll_stats now = stats_of(device_);
      shrunk += !grew(last, now);
      last = now;
      ++looks;
    }
  });
  const SetAtExit stop_at_exit(stop);
  std::list<Thread> threads;
  for (unsigned i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) live(round);
    });
  }
  for (Thread& thread : threads) thread.join();
  stop = true;
  reader.join();
  const struct xpoll_stats total = stats_of(device_);
  const std::uint64_t lives = kThreads * static_cast<std::uint64_t>(rounds);
  expect_no_loss("instances", lives, total.instances);
  expect_no_loss("watches", 2 * lives, total.watches);
  expect_no_loss("events", lives, total.events);
  EXPECT_EQ(total.open_instances, 0U);
  EXPECT_EQ(total.open_watches, 0U);
  EXPECT_GT(looks, 0);
  EXPECT_EQ(shrunk, 0);
}

TEST_F(GroupStressTest, GroupsEndUnderTheirMembersAndUnderThoseWhoJoin) {
  const int rounds = stress_rounds(150);
  std::atomic<int> number{group_};
  std::atomic<bool> stop{false};
  std::list<Thread> joiners;
  std::atomic<int> joined{0};
  for (unsigned i = 0; i < kThreads; ++i) {
    joiners.emplace_back([&] {
      const unique_fd own = open_device();
      while (!stop) {
        struct xpoll_create create {
          .flags = XPOLL_CLOEXEC, .group = static_cast<std::uint32_t>(number.load())
        };
        const unique_fd ep(ioctl(own.get(), XPOLL_IOC_CREATE, &create));
        if (!ep.valid() && errno != ESRCH) throw std::runtime_error("CREATE: " + errno_text(errno));
        joined += ep.valid();
      }
    });
  }
  {
    const SetAtExit stop_at_exit(stop);
    for (int round = 0; round < rounds; ++round) {
      const unique_fd device = open_device();
      number = checked(ioctl(device.get(), XPOLL_IOC_GROUP), "XPOLL_IOC_GROUP");
      const struct xpoll_stats before = stats_of(device);
      EXPECT_GE(stats_of(device).instances, before.instances);
    }
  }
  for (Thread& joiner : joiners) joiner.join();
  EXPECT_GT(joined, 0);
}

}  // namespace
}  // namespace xpoll::test
