// SPDX-License-Identifier: GPL-2.0-only
// Wake policies through libxpoll: groups, their instances, and the table of workers.
#include <fcntl.h>
#include <sys/epoll.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <vector>
#include <xpoll/xpoll.hpp>

#include "tools/util/bpf_program.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/stress.h"
#include "util/task_state.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

using namespace std::chrono_literals;

constexpr int kWorkers = 3;

// A thread that waits for one event, reads the eventfd and ends.
class Waiter {
 public:
  Waiter(poller& instance, int eventfd, wait_options options)
      : thread_([=, this, &instance] {
          const SetAtExit returned_at_exit(returned_);
          std::array<epoll_event, 1> room{};
          eventfd_t count = 0;
          got_ = instance.wait(room, options).size() == 1 && eventfd_read(eventfd, &count) == 0;
        }) {
    wait_until_asleep();
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() { thread_.interrupt_until(returned_); }

  bool returned() const { return returned_; }
  // Call it after returned(). Returns whether the thread got the event, and throws the wait's
  // exception.
  bool got() {
    thread_.join();
    return got_;
  }

 private:
  // Not in the constructor: if that throws, the destructor does not run.
  void wait_until_asleep() {
    try {
      wait_until("a waiter asleep",
                 [this] { return returned_ || is_asleep_in_wait(thread_.tid()); });
    } catch (...) {
      thread_.interrupt_until(returned_);
      throw;
    }
    if (!returned_) return;
    thread_.join();
    throw std::runtime_error("a waiter returned before there was an event");
  }

  bool got_ = false;
  std::atomic<bool> returned_{false};
  Thread thread_;
};

// Returns the errno of the std::system_error that the call throws, or 0.
int code_thrown(const std::function<void()>& call) {
  try {
    call();
  } catch (const std::system_error& error) {
    return error.code().value();
  }
  return 0;
}

class WakeLibraryTest : public XpollOnly {
 protected:
  using Waiters = std::vector<std::unique_ptr<Waiter>>;

  // Sends one event per worker and returns the workers that took them, counted from 1, in order.
  std::vector<int> takers(Waiters waiters) {
    std::vector<int> order;
    while (order.size() < waiters.size()) {
      post(eventfd_);
      wait_until("somebody takes the event", [&] { return take(waiters, order); });
    }
    return order;
  }

  static bool take(Waiters& waiters, std::vector<int>& order) {
    for (std::size_t i = 0; i < waiters.size(); ++i)
      if (waiters[i] && waiters[i]->returned()) {
        EXPECT_TRUE(waiters[i]->got()) << "waiter " << i + 1;
        waiters[i] = nullptr;
        order.push_back(static_cast<int>(i) + 1);
        return true;
      }
    return false;
  }

  unique_fd eventfd_ = make_eventfd();
};

class WakeLibraryWaitersTest : public WakeLibraryTest {
 protected:
  WakeLibraryWaitersTest() {
    instance_.add(eventfd_.get(), events::in | events::edge, {.fd = eventfd_.get()});
  }

  Waiters start() {
    Waiters waiters;
    for (std::uint32_t worker = 1; worker <= kWorkers; ++worker)
      waiters.push_back(
          std::make_unique<Waiter>(instance_, eventfd_.get(), wait_options{.worker = worker}));
    return waiters;
  }

  poller instance_ = poller::create();
};

TEST_F(WakeLibraryWaitersTest, AreWokenInTurn) {
  instance_.wake(wake_policy::round_robin());
  EXPECT_EQ(takers(start()), (std::vector{1, 2, 3}));
}

TEST_F(WakeLibraryWaitersTest, AreWokenByTheirLoads) {
  instance_.wake(wake_policy::least_loaded());
  worker_table workers = instance_.workers();
  workers.load(1, 20);
  workers.load(2, 30);
  workers.load(3, 10);
  EXPECT_EQ(takers(start()), (std::vector{3, 1, 2}));
}

TEST_F(WakeLibraryWaitersTest, ArePassedOverIfTheirHeartbeatIsOld) {
  instance_.wake(wake_policy::round_robin().heartbeat(
      std::chrono::steady_clock::now().time_since_epoch() / 2));
  const std::unique_ptr<xpoll_worker, int (*)(xpoll_worker*)> page(
      xpoll_workers_map(instance_.fd()), xpoll_workers_unmap);
  ASSERT_NE(page, nullptr);
  page.get()[0].heartbeat_ns = 1;
  worker_table workers = instance_.workers();
  workers.beat(2);
  workers.beat(3);
  EXPECT_EQ(takers(start()), (std::vector{2, 3, 1}));
}

// The program chooses among two or more; the last one is taken without it.
TEST_F(WakeLibraryWaitersTest, AreWokenByAProgramThatIsClosedOnceItIsSet) {
  instance_.wake(wake_policy::program(bpf::load_constant(1).get()));
  EXPECT_EQ(takers(start()), (std::vector{2, 3, 1}));
}

TEST_F(WakeLibraryWaitersTest, HaveNoTableWithoutAPolicy) {
  EXPECT_EQ(code_thrown([this] { (void)instance_.workers(); }), ENODEV);
}

TEST_F(WakeLibraryWaitersTest, AreRefusedWithANumberBeyondTheTableWhateverTheTimeout) {
  std::array<epoll_event, 1> room{};
  const wait_options beyond{.worker = XPOLL_WORKERS_MAX + 1};
  const auto deadline = std::chrono::steady_clock::now();
  EXPECT_EQ(code_thrown([&] { (void)instance_.wait(room, beyond); }), EINVAL);
  EXPECT_EQ(code_thrown([&] { (void)instance_.wait(room, 0s, beyond); }), EINVAL);
  EXPECT_EQ(code_thrown([&] { (void)instance_.wait(room, deadline, beyond); }), EINVAL);
}

TEST_F(WakeLibraryWaitersTest, PollerThrowsTheCodesOfTheCalls) {
  EXPECT_EQ(code_thrown([this] { instance_.wake(wake_policy::program(-1)); }), EBADF);
  EXPECT_EQ(code_thrown([this] { instance_.wake(wake_policy::program(eventfd_.get())); }), EINVAL);
  EXPECT_EQ(code_thrown([this] { instance_.set_worker(XPOLL_WORKERS_MAX + 1); }), EINVAL);
}

class WakeLibraryGroupTest : public WakeLibraryTest {
 protected:
  void watch(const group& owner) {
    for (std::uint32_t worker = 1; worker <= kWorkers; ++worker) {
      instances_.push_back(poller::create(owner));
      instances_.back().set_worker(worker);
      instances_.back().add(eventfd_.get(), events::in | events::edge | events::exclusive,
                            {.fd = eventfd_.get()});
    }
  }
  Waiters start() {
    Waiters waiters;
    for (poller& instance : instances_)
      waiters.push_back(std::make_unique<Waiter>(instance, eventfd_.get(), wait_options{}));
    return waiters;
  }

  std::vector<poller> instances_;
};

TEST_F(WakeLibraryGroupTest, InstancesAreWokenByTheirLoads) {
  const group owner = group::create(wake_policy::least_loaded());
  worker_table workers = owner.workers();
  workers.load(1, 2);
  workers.load(2, 3);
  workers.load(3, 1);
  watch(owner);
  EXPECT_EQ(takers(start()), (std::vector{3, 1, 2}));
}

TEST_F(WakeLibraryGroupTest, PolicyChangesForInstancesThatExist) {
  group owner = group::create(wake_policy::native());
  watch(owner);
  {
    worker_table workers = owner.workers();
    workers.load(1, 1);
  }
  owner.wake(wake_policy::least_loaded());
  EXPECT_EQ(takers(start()), (std::vector{2, 3, 1}));
}

TEST_F(WakeLibraryGroupTest, InstancesOutliveIt) {
  {
    const group owner = group::create(wake_policy::least_loaded());
    owner.workers().load(1, 1);
    watch(owner);
  }
  EXPECT_EQ(takers(start()), (std::vector{2, 3, 1}));
}

TEST_F(WakeLibraryGroupTest, ThrowsTheCodesOfTheCalls) {
  group owner = group::create(wake_policy::native());
  EXPECT_EQ(code_thrown([&] { owner.wake(wake_policy::program(-1)); }), EBADF);
  EXPECT_EQ(code_thrown([&] { owner.wake(wake_policy::program(eventfd_.get())); }), EINVAL);
}

TEST_F(WakeLibraryTest, CreateInRefusesUnknownFlags) {
  const unique_fd owner(xpoll_group_create(EPOLL_CLOEXEC));
  EXPECT_THAT(xpoll_create_in(owner.get(), 2), SyscallFailsWithErrno(EINVAL));
}

TEST_F(WakeLibraryTest, CreateInFailsOnAnInstance) {
  const poller instance = poller::create();
  EXPECT_THAT(xpoll_create_in(instance.fd(), 0), SyscallFailsWithErrno(ENOTTY));
}

TEST_F(WakeLibraryTest, DescriptorsHaveTheLowestFreeNumber) {
  const int lowest = eventfd_.get();
  eventfd_.reset();
  const unique_fd owner(xpoll_group_create(EPOLL_CLOEXEC));
  EXPECT_EQ(owner.get(), lowest);
  unique_fd gap = make_eventfd();
  const int next = gap.get();
  gap.reset();
  EXPECT_EQ(unique_fd(xpoll_create_in(owner.get(), EPOLL_CLOEXEC)).get(), next);
}

TEST_F(WakeLibraryTest, DescriptorsAreCloseOnExecIfAsked) {
  for (const int flags : {0, int{EPOLL_CLOEXEC}}) {
    const unique_fd owner(xpoll_group_create(flags));
    ASSERT_THAT(owner.get(), SyscallSucceeds());
    const unique_fd instance(xpoll_create_in(owner.get(), flags));
    ASSERT_THAT(instance.get(), SyscallSucceeds());
    for (const int fd : {owner.get(), instance.get()})
      EXPECT_EQ(fcntl(fd, F_GETFD), flags ? FD_CLOEXEC : 0);
  }
}

}  // namespace
}  // namespace xpoll::test
