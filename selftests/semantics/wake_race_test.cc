// SPDX-License-Identifier: GPL-2.0-only
// Wake policies while instances, watches, waiters and policies come and go. One event at a time: a
// lost one is one that nobody takes.
#include <linux/xpoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>

#include "tools/util/checked.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

constexpr int kWorkers = 4;

class WakeRaceTest : public XpollOnly {
 protected:
  static void set_policy(int fd, std::uint32_t policy) {
    const xpoll_wake wake{.policy = policy, .prog_fd = 0, .heartbeat_ns = 1, .reserved = {}};
    checked(ioctl(fd, XPOLL_IOC_WAKE, &wake), "XPOLL_IOC_WAKE");
  }

  unique_fd create() const {
    const struct xpoll_create arguments { .flags = XPOLL_CLOEXEC, .group = group_ };
    return checked_fd(ioctl(device_.get(), XPOLL_IOC_CREATE, &arguments), "XPOLL_IOC_CREATE");
  }

  void watch(const unique_fd& ep) const {
    checked(backend_.add(ep.get(), eventfd_.get(), EPOLLIN | EPOLLET | EPOLLEXCLUSIVE), "add");
  }

  // A thread that does this until the test ends.
  void repeat(const std::function<void()>& step) {
    threads_.emplace_back([this, step] {
      while (!stop_) step();
    });
  }

  void work_on(const unique_fd& ep) {
    epoll_event event;
    if (backend_.wait(ep.get(), &event, 1, 1) != 1) return;
    eventfd_t count = 0;
    if (eventfd_read(eventfd_.get(), &count) == 0) taken_.fetch_add(static_cast<int>(count));
  }

  void send_all() {
    const SetAtExit stop_at_exit(stop_);
    const int events = stress_rounds(300);
    for (int sent = 1; sent <= events; ++sent) {
      post(eventfd_);
      wait_until("the event taken", [&] { return taken_.load() >= sent; });
    }
    EXPECT_EQ(taken_, events);
  }

  unique_fd device_ = open_device();
  const std::uint32_t group_ =
      static_cast<std::uint32_t>(checked(ioctl(device_.get(), XPOLL_IOC_GROUP), "group"));
  unique_fd eventfd_ = make_eventfd();
  std::atomic<int> taken_{0};
  std::atomic<bool> stop_{false};
  std::list<Thread> threads_;
};

TEST_F(WakeRaceTest, NoEventIsLostWhilePeersAndPoliciesComeAndGo) {
  set_policy(device_.get(), XPOLL_WAKE_ROUND_ROBIN);
  std::list<unique_fd> instances;
  for (int i = 0; i < kWorkers; ++i) {
    const unique_fd& ep = instances.emplace_back(create());
    watch(ep);
    repeat([this, &ep] { work_on(ep); });
  }
  // an instance that ends with its watch, one that has a waiter for a moment and passes what it got
  repeat([this] {
    const unique_fd brief = create();
    watch(brief);
    work_on(brief);
  });
  repeat([this] {
    for (const std::uint32_t policy :
         {XPOLL_WAKE_LEAST_LOADED, XPOLL_WAKE_NATIVE, XPOLL_WAKE_ROUND_ROBIN})
      set_policy(device_.get(), policy);
  });
  send_all();
  for (Thread& thread : threads_) thread.join();
}

TEST_F(WakeRaceTest, NoEventIsLostWhileWaitersAndPoliciesComeAndGo) {
  const unique_fd ep = create();
  watch(ep);
  for (int i = 0; i < kWorkers; ++i) repeat([this, &ep] { work_on(ep); });
  repeat([&ep] {
    for (const std::uint32_t policy :
         {XPOLL_WAKE_ROUND_ROBIN, XPOLL_WAKE_LEAST_LOADED, XPOLL_WAKE_NATIVE})
      set_policy(ep.get(), policy);
  });
  send_all();
  for (Thread& thread : threads_) thread.join();
}

}  // namespace
}  // namespace xpoll::test
