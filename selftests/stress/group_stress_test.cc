// SPDX-License-Identifier: GPL-2.0-only
// Groups and their counts, read while instances come and go.
#include <sys/ioctl.h>

#include <list>

#include "stress/counted.h"
#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/stats.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll_test {
namespace {

constexpr unsigned kThreads = 3;

class GroupStressTest : public XpollOnly {
 protected:
  Fd member() const {
    struct xpoll_create create {
      .flags = XPOLL_CLOEXEC, .group = static_cast<std::uint32_t>(group_)
    };
    return checkedFd(ioctl(device_.get(), XPOLL_IOC_CREATE, &create), "XPOLL_IOC_CREATE");
  }

  // One instance's life: watched files of which one is ready, its event, the end of it all in one
  // order or another.
  void live(int round) const {
    Fd ready = makeEventfd(1);
    Fd idle = makeEventfd();
    Fd ep = member();
    for (const Fd* fd : {&ready, &idle}) checked(backend_.add(ep.get(), fd->get(), EPOLLIN), "add");
    if (backend_.ready(ep.get()).size() != 1) throw std::runtime_error("no event");
    if (round % 2) ep.reset();
  }

  Fd device_ = openDevice();
  int group_ = checked(ioctl(device_.get(), XPOLL_IOC_GROUP), "XPOLL_IOC_GROUP");
};

bool grew(const struct xpoll_stats& from, const struct xpoll_stats& to) {
  return from.instances <= to.instances && from.watches <= to.watches && from.scans <= to.scans &&
         from.events <= to.events && from.callbacks <= to.callbacks;
}

TEST_F(GroupStressTest, NothingIsCountedTwiceOrForgottenWhileInstancesComeAndGo) {
  const int rounds = stressRounds(150);
  std::atomic<bool> stop{false};
  std::atomic<int> shrunk{0};
  std::atomic<int> looks{0};
  Thread reader([&] {
    struct xpoll_stats last = statsOf(device_);
    while (!stop) {
      const struct xpoll_stats now = statsOf(device_);
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
  const struct xpoll_stats total = statsOf(device_);
  const std::uint64_t lives = kThreads * static_cast<std::uint64_t>(rounds);
  expectNoLoss("instances", lives, total.instances);
  expectNoLoss("watches", 2 * lives, total.watches);
  expectNoLoss("events", lives, total.events);
  EXPECT_EQ(total.open_instances, 0U);
  EXPECT_EQ(total.open_watches, 0U);
  EXPECT_GT(looks, 0);
  EXPECT_EQ(shrunk, 0);
}

TEST_F(GroupStressTest, GroupsEndUnderTheirMembersAndUnderThoseWhoJoin) {
  const int rounds = stressRounds(150);
  std::atomic<int> number{group_};
  std::atomic<bool> stop{false};
  std::list<Thread> joiners;
  std::atomic<int> joined{0};
  for (unsigned i = 0; i < kThreads; ++i) {
    joiners.emplace_back([&] {
      const Fd own = openDevice();
      while (!stop) {
        struct xpoll_create create {
          .flags = XPOLL_CLOEXEC, .group = static_cast<std::uint32_t>(number.load())
        };
        const Fd ep(ioctl(own.get(), XPOLL_IOC_CREATE, &create));
        if (!ep.valid() && errno != ESRCH) throw std::runtime_error("CREATE: " + errnoText(errno));
        joined += ep.valid();
      }
    });
  }
  {
    const SetAtExit stop_at_exit(stop);
    for (int round = 0; round < rounds; ++round) {
      const Fd device = openDevice();
      number = checked(ioctl(device.get(), XPOLL_IOC_GROUP), "XPOLL_IOC_GROUP");
      const struct xpoll_stats before = statsOf(device);
      EXPECT_GE(statsOf(device).instances, before.instances);
    }
  }
  for (Thread& joiner : joiners) joiner.join();
  EXPECT_GT(joined, 0);
}

}  // namespace
}  // namespace xpoll_test
