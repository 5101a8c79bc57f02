// SPDX-License-Identifier: GPL-2.0-only
// Wake policies race with changes of instances, watches, waiters and policies. There is one event
// at a time. An event is lost if no worker takes it.
#include <linux/xpoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>

#include "fuzz/random.h"
#include "tools/util/checked.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/monotonic.h"
#include "util/raw.h"
#include "util/stress.h"
#include "util/thread.h"
#include "util/worker_table.h"

namespace xpoll::test {
namespace {

using xpoll::fuzz::Random;

// Timed workers check again soon, so they find an event without a wake-up. Endless ones do not.
constexpr int kTimed = 4;
constexpr int kEndless = 2;
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kForever = -1;

// While the gate is closed, threads stop at it between two steps.
class Gate {
 public:
  void pass() {
    while (closed_) {
      ++resting_;
      closed_.wait(true);
      --resting_;
    }
  }
  // When it returns, all threads are stopped.
  void close(std::size_t threads) {
    closed_ = true;
    wait_until("each thread at rest", [&] { return resting_ == threads; });
  }
  void open() {
    closed_ = false;
    closed_.notify_all();
  }

 private:
  std::atomic<bool> closed_{false};
  std::atomic<std::size_t> resting_{0};
};

// A thread that a signal interrupts in a wait without timeout.
class EndlessWorker {
 public:
  EndlessWorker(const std::function<void()>& step, const std::atomic<bool>& stop)
      : thread_([this, step, &stop] {
          const SetAtExit end(ended_);
          while (!stop) step();
        }) {}
  EndlessWorker(const EndlessWorker&) = delete;
  EndlessWorker& operator=(const EndlessWorker&) = delete;
  ~EndlessWorker() { thread_.interrupt_until(ended_); }

  void join() {
    thread_.interrupt_until(ended_);
    thread_.join();
  }

 private:
  std::atomic<bool> ended_{false};
  Thread thread_;
};

class WakeRaceTest : public XpollOnly {
 public:
  WakeRaceTest() = default;
  WakeRaceTest(const WakeRaceTest&) = delete;
  WakeRaceTest& operator=(const WakeRaceTest&) = delete;
  // Stops them even if a test fails half-way, before the threads are destroyed.
  ~WakeRaceTest() override { stop(); }

 protected:
  void set_policy(int fd, std::uint32_t policy) const {
    const xpoll_wake wake{
        .policy = policy, .prog_fd = 0, .heartbeat_ns = limit_ns_, .reserved = {}};
    checked(ioctl(fd, XPOLL_IOC_WAKE, &wake), "XPOLL_IOC_WAKE");
  }

  unique_fd create(std::uint32_t worker) const {
    const struct xpoll_create arguments { .flags = XPOLL_CLOEXEC, .group = group_ };
    unique_fd ep =
        checked_fd(ioctl(device_.get(), XPOLL_IOC_CREATE, &arguments), "XPOLL_IOC_CREATE");
    checked(ioctl(ep.get(), XPOLL_IOC_WORKER, &worker), "XPOLL_IOC_WORKER");
    return ep;
  }

  void watch(const unique_fd& ep) const {
    checked(backend_.add(ep.get(), eventfd_.get(), EPOLLIN | EPOLLET | EPOLLEXCLUSIVE), "add");
  }

  const unique_fd& create_and_watch(std::uint32_t worker) {
    const unique_fd& ep = instances_.emplace_back(create(worker));
    watch(ep);
    return ep;
  }

  // Repeats the step until the test ends. Timed workers stop at the gate when told to.
  void repeat(const std::function<void()>& step) {
    others_.emplace_back([this, step] {
      while (!stop_) step();
    });
  }
  void repeat_timed(const std::function<void()>& step) {
    timed_.emplace_back([this, step] {
      for (; !stop_; gate_.pass()) step();
    });
  }

  // Starts timed workers and then endless ones, numbered from 1.
  void start_workers(const std::function<const unique_fd&(std::uint32_t)>& instance_of) {
    for (std::uint32_t worker = 1; worker <= kTimed + kEndless; ++worker) {
      const unique_fd& ep = instance_of(worker);
      if (worker <= kTimed)
        repeat_timed([this, &ep, worker] { work_on(ep, worker, kMillisecond); });
      else
        endless_.emplace_back([this, &ep, worker] { work_on(ep, worker, kForever); }, stop_);
    }
  }

  void work_on(const unique_fd& ep, std::uint32_t worker, std::int64_t timeout_ns) {
    epoll_event event{};
    struct xpoll_wait wait = wait_arguments(&event, 1);
    wait.timeout_ns = timeout_ns;
    wait.worker = worker;
    const int delivered = ioctl(ep.get(), XPOLL_IOC_WAIT, &wait);
    if (delivered < 0 && errno != EINTR) checked(delivered, "XPOLL_IOC_WAIT");
    eventfd_t count = 0;
    if (delivered == 1 && eventfd_read(eventfd_.get(), &count) == 0)
      taken_.fetch_add(static_cast<int>(count));
  }

  // Changes the policy of `fd` and the workers' table entries continuously.
  void change_policies(int fd) {
    repeat([this, fd, table = std::make_shared<WorkerTable>(fd)] {
      for (const std::uint32_t policy :
           {XPOLL_WAKE_LEAST_LOADED, XPOLL_WAKE_NATIVE, XPOLL_WAKE_ROUND_ROBIN}) {
        set_policy(fd, policy);
        write(*table);
      }
    });
  }

  void send_all() {
    const int events = stress_rounds(300);
    for (int sent = 1; sent <= events; ++sent) {
      const bool for_endless = sent % 4 == 0;
      if (for_endless) gate_.close(timed_.size());
      post(eventfd_);
      wait_until("the event taken", [&] { return taken_ >= sent; });
      if (for_endless) gate_.open();
    }
    stop();
    for (Thread& thread : timed_) thread.join();
    for (Thread& thread : others_) thread.join();
    for (EndlessWorker& worker : endless_) worker.join();
  }

  unique_fd device_ = open_device();

 private:
  void stop() {
    stop_ = true;
    gate_.open();
  }

  // Loads, and heartbeats of workers that have none, hang, or do not hang.
  void write(WorkerTable& table) {
    const std::array<std::uint64_t, 3> beats{0, 1, monotonic_ns()};
    for (int worker = 1; worker <= kTimed + kEndless; ++worker) {
      table[worker].load = 1 + random_.below(3);
      table[worker].heartbeat_ns = random_.pick(beats);
    }
  }

  const std::uint32_t group_ =
      static_cast<std::uint32_t>(checked(ioctl(device_.get(), XPOLL_IOC_GROUP), "group"));
  const std::uint64_t limit_ns_ = monotonic_ns() / 2;
  unique_fd eventfd_ = make_eventfd();
  std::list<unique_fd> instances_;
  Random random_{1, 0};
  std::atomic<int> taken_{0};
  std::atomic<bool> stop_{false};
  Gate gate_;
  std::list<Thread> timed_;
  std::list<Thread> others_;
  std::list<EndlessWorker> endless_;
};

TEST_F(WakeRaceTest, NoEventIsLostWhilePeersAndPoliciesComeAndGo) {
  set_policy(device_.get(), XPOLL_WAKE_ROUND_ROBIN);
  start_workers(
      [this](std::uint32_t worker) -> const unique_fd& { return create_and_watch(worker); });
  // an instance that is closed with its watch, and one that has a waiter briefly and passes its
  // event on
  repeat_timed([this] {
    const unique_fd brief = create(0);
    watch(brief);
    work_on(brief, 0, kMillisecond);
  });
  change_policies(device_.get());
  send_all();
}

TEST_F(WakeRaceTest, NoEventIsLostWhileWaitersAndPoliciesComeAndGo) {
  const unique_fd& ep = create_and_watch(0);
  set_policy(ep.get(), XPOLL_WAKE_ROUND_ROBIN);
  start_workers([&ep](std::uint32_t) -> const unique_fd& { return ep; });
  change_policies(ep.get());
  send_all();
}

}  // namespace
}  // namespace xpoll::test
