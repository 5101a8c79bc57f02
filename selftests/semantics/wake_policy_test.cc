// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_IOC_WAKE: which waiter of an instance, and which instance of a group, gets an event.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <memory>
#include <system_error>
#include <vector>

#include "tools/util/checked.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/sleep_watch.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

constexpr int kWorkers = 4;
constexpr int kRounds = 3;

// The table of workers, mapped.
class Table {
 public:
  explicit Table(int fd)
      : workers_(static_cast<xpoll_worker*>(
            mmap(nullptr, size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0))) {
    if (workers_ == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  ~Table() { munmap(workers_, size()); }

  static std::size_t size() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }
  // Counted from 1.
  xpoll_worker& operator[](int worker) { return workers_[worker - 1]; }

 private:
  xpoll_worker* workers_;
};

std::uint64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U +
         static_cast<std::uint64_t>(now.tv_nsec);
}

// A thread that waits for one event as a worker, reads it, and tells who it was.
class Worker {
 public:
  Worker(int epfd, int eventfd, std::uint32_t number)
      : thread_([=, this] {
          epoll_event event{};
          struct xpoll_wait wait = wait_arguments(&event, 1);
          wait.timeout_ns = -1;
          wait.worker = number;
          result_ = ioctl(epfd, XPOLL_IOC_WAIT, &wait);
          eventfd_t count = 0;
          if (result_ == 1) eventfd_read(eventfd, &count);
          returned_ = true;
        }),
        sleep_(thread_.tid()) {}

  bool returned() const { return returned_; }
  void join() { thread_.join(); }
  int result() const { return result_; }

 private:
  std::atomic<int> result_{0};
  std::atomic<bool> returned_{false};
  Thread thread_;
  SleepWatch sleep_;
};

class WakePolicyTest : public XpollOnly {
 protected:
  static int set(int fd, xpoll_wake wake) { return ioctl(fd, XPOLL_IOC_WAKE, &wake); }
  static int set_policy(int fd, std::uint32_t policy, std::uint64_t heartbeat_ns = 0) {
    return set(fd, {.policy = policy, .prog_fd = 0, .heartbeat_ns = heartbeat_ns, .reserved = {}});
  }

  // Posts one event, and tells which of the workers took it.
  static int taker(std::vector<std::unique_ptr<Worker>>& workers, const unique_fd& eventfd) {
    post(eventfd);
    int taken = -1;
    wait_until("a worker takes the event", [&] {
      for (std::size_t i = 0; i < workers.size(); ++i)
        if (workers[i] && workers[i]->returned()) taken = static_cast<int>(i);
      return taken >= 0;
    });
    workers[taken]->join();
    EXPECT_EQ(workers[taken]->result(), 1);
    return taken;
  }

  // Ends the waits that are left, one event each.
  static void finish(std::vector<std::unique_ptr<Worker>>& workers, const unique_fd& eventfd) {
    for (std::size_t left = workers.size(); left > 0; --left) {
      workers[taker(workers, eventfd)] = nullptr;
    }
  }

  static void edge_watch(int ep, const unique_fd& eventfd, std::uint32_t events = 0) {
    const epoll_event event{.events = EPOLLIN | EPOLLET | events, .data = {.fd = eventfd.get()}};
    const struct xpoll_ctl ctl = ctl_arguments(EPOLL_CTL_ADD, eventfd.get(), &event);
    checked(ioctl(ep, XPOLL_IOC_CTL, &ctl), "add");
  }
};

class WakeWaitersTest : public WakePolicyTest {
 protected:
  WakeWaitersTest() { edge_watch(ep_.get(), eventfd_); }

  // They begin to wait one after the other, with the numbers 1, 2, ... if numbered.
  std::vector<std::unique_ptr<Worker>> start(int count, bool numbered = false) {
    std::vector<std::unique_ptr<Worker>> workers;
    for (int i = 0; i < count; ++i) workers.push_back(start_one(numbered ? i + 1 : 0));
    return workers;
  }
  std::unique_ptr<Worker> start_one(int number) {
    return std::make_unique<Worker>(ep_.get(), eventfd_.get(), number);
  }

  unique_fd ep_ = backend_.instance();
  unique_fd eventfd_ = make_eventfd();
};

TEST_F(WakeWaitersTest, NativeWakesTheOneThatCameLast) {
  auto workers = start(kWorkers);
  EXPECT_EQ(taker(workers, eventfd_), kWorkers - 1);
  workers.pop_back();
  finish(workers, eventfd_);
}

TEST_F(WakeWaitersTest, RoundRobinWakesTheOneThatWaitedLongest) {
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  auto workers = start(kWorkers);
  for (int round = 0; round < kRounds * kWorkers; ++round) {
    EXPECT_EQ(taker(workers, eventfd_), round % kWorkers) << round;
    workers[round % kWorkers] = start_one(0);
  }
  finish(workers, eventfd_);
}

TEST_F(WakeWaitersTest, ReturnToNativeWakesTheOneThatCameLast) {
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_NATIVE), SyscallSucceeds());
  auto workers = start(kWorkers);
  EXPECT_EQ(taker(workers, eventfd_), kWorkers - 1);
  workers.pop_back();
  finish(workers, eventfd_);
}

TEST_F(WakeWaitersTest, LeastLoadedWakesTheSmallestLoad) {
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_LEAST_LOADED), SyscallSucceeds());
  Table table(ep_.get());
  auto workers = start(kWorkers, true);
  const std::vector<std::uint64_t> loads{5, 3, UINT64_MAX, 4};
  for (int i = 0; i < kWorkers; ++i) table[i + 1].load = loads[i];
  for (const int expected : {1, 3, 0, 2}) {
    EXPECT_EQ(taker(workers, eventfd_), expected);
    workers[expected] = nullptr;
  }
}

TEST_F(WakeWaitersTest, EqualLoadsAreWokenInTurn) {
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_LEAST_LOADED), SyscallSucceeds());
  auto workers = start(kWorkers, true);
  for (int i = 0; i < kWorkers; ++i) {
    EXPECT_EQ(taker(workers, eventfd_), i);
    workers[i] = nullptr;
  }
}

TEST_F(WakeWaitersTest, WorkerWithAnOldHeartbeatIsPassedOverWhileAnotherWaits) {
  constexpr std::uint64_t kLimit = 60'000'000'000;
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_ROUND_ROBIN, kLimit), SyscallSucceeds());
  Table table(ep_.get());
  auto workers = start(3, true);
  const std::uint64_t now = monotonic_ns();
  table[1].heartbeat_ns = now > kLimit ? now - kLimit : 1;
  if (now <= kLimit) {
    ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_ROUND_ROBIN, now / 2), SyscallSucceeds());
  }
  table[2].heartbeat_ns = monotonic_ns();
  // worker 3 has no heartbeats
  for (const int expected : {1, 2, 0}) {
    EXPECT_EQ(taker(workers, eventfd_), expected);
    workers[expected] = nullptr;
  }
}

class WakeInstancesTest : public WakePolicyTest {
 protected:
  void watch(std::uint32_t policy, int count = kWorkers) {
    checked(set_policy(device_.get(), policy), "XPOLL_IOC_WAKE");
    const struct xpoll_create arguments {
      .flags = XPOLL_CLOEXEC,
      .group = static_cast<std::uint32_t>(checked(ioctl(device_.get(), XPOLL_IOC_GROUP), "group"))
    };
    for (int i = 0; i < count; ++i) {
      instances_.emplace_back(
          checked(ioctl(device_.get(), XPOLL_IOC_CREATE, &arguments), "create"));
      edge_watch(instances_.back().get(), eventfd_, EPOLLEXCLUSIVE);
    }
  }
  std::unique_ptr<Worker> start_one(int i) {
    return std::make_unique<Worker>(instances_[i].get(), eventfd_.get(), 0);
  }
  std::vector<std::unique_ptr<Worker>> start() {
    std::vector<std::unique_ptr<Worker>> workers;
    for (std::size_t i = 0; i < instances_.size(); ++i)
      workers.push_back(start_one(static_cast<int>(i)));
    return workers;
  }

  unique_fd device_ = open_device();
  unique_fd eventfd_ = make_eventfd();
  std::vector<unique_fd> instances_;
};

TEST_F(WakeInstancesTest, RoundRobinWakesEachInstanceInTurn) {
  watch(XPOLL_WAKE_ROUND_ROBIN);
  auto workers = start();
  for (int round = 0; round < kRounds * kWorkers; ++round) {
    EXPECT_EQ(taker(workers, eventfd_), round % kWorkers) << round;
    workers[round % kWorkers] = start_one(round % kWorkers);
  }
  finish(workers, eventfd_);
}

TEST_F(WakeInstancesTest, NativeWakesTheFirstInstanceAgain) {
  watch(XPOLL_WAKE_NATIVE);
  auto workers = start();
  for (int round = 0; round < kRounds; ++round) {
    EXPECT_EQ(taker(workers, eventfd_), 0) << round;
    workers[0] = start_one(0);
  }
  finish(workers, eventfd_);
}

TEST_F(WakeInstancesTest, InstanceWithoutAWaiterIsPassedOver) {
  watch(XPOLL_WAKE_ROUND_ROBIN, 3);
  std::vector<std::unique_ptr<Worker>> workers(3);
  workers[1] = start_one(1);
  workers[2] = start_one(2);
  EXPECT_EQ(taker(workers, eventfd_), 1);
  workers[1] = start_one(1);
  EXPECT_EQ(taker(workers, eventfd_), 2);
  workers[2] = nullptr;
  EXPECT_EQ(taker(workers, eventfd_), 1);
}

TEST_F(WakeInstancesTest, LeastLoadedWakesTheInstanceWithTheFewestWatches) {
  watch(XPOLL_WAKE_LEAST_LOADED, 3);
  const unique_fd quiet = make_eventfd();
  edge_watch(instances_[0].get(), quiet);
  edge_watch(instances_[2].get(), quiet);
  auto workers = start();
  EXPECT_EQ(taker(workers, eventfd_), 1);
  workers[1] = start_one(1);
  EXPECT_EQ(taker(workers, eventfd_), 1);
  workers[1] = nullptr;
  for (const int expected : {2, 0}) {
    EXPECT_EQ(taker(workers, eventfd_), expected);
    workers[expected] = nullptr;
  }
}

TEST_F(WakeInstancesTest, LeastLoadedTakesTheLoadOfTheInstancesWorker) {
  watch(XPOLL_WAKE_LEAST_LOADED, 2);
  Table table(device_.get());
  for (std::uint32_t i = 0; i < 2; ++i) {
    const std::uint32_t worker = i + 1;
    ASSERT_THAT(ioctl(instances_[i].get(), XPOLL_IOC_WORKER, &worker), SyscallSucceeds());
  }
  table[1].load = 9;
  table[2].load = 8;
  auto workers = start();
  EXPECT_EQ(taker(workers, eventfd_), 1);
  workers[1] = nullptr;
  EXPECT_EQ(taker(workers, eventfd_), 0);
}

TEST_F(WakeInstancesTest, EventWithoutAWaiterIsReadyInEveryInstance) {
  watch(XPOLL_WAKE_ROUND_ROBIN);
  post(eventfd_);
  for (const unique_fd& ep : instances_)
    EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd_.get(), EPOLLIN)));
}

TEST_F(WakeInstancesTest, PeersThatLeaveInAnyOrderLeaveTheOthersTheirTurns) {
  watch(XPOLL_WAKE_ROUND_ROBIN);
  auto workers = start();
  EXPECT_EQ(taker(workers, eventfd_), 0);
  workers[0] = start_one(0);
  // it would be the turn of 1
  const struct xpoll_ctl ctl = ctl_arguments(EPOLL_CTL_DEL, eventfd_.get(), nullptr);
  ASSERT_THAT(ioctl(instances_[1].get(), XPOLL_IOC_CTL, &ctl), SyscallSucceeds());
  EXPECT_EQ(taker(workers, eventfd_), 2);
  workers[2] = nullptr;
  EXPECT_EQ(taker(workers, eventfd_), 3);
  workers[3] = nullptr;
  EXPECT_EQ(taker(workers, eventfd_), 0);
  workers[0] = nullptr;
  edge_watch(instances_[1].get(), eventfd_, EPOLLEXCLUSIVE);
  EXPECT_EQ(taker(workers, eventfd_), 1);
}

class WakeAbiTest : public WakePolicyTest {
 protected:
  unique_fd ep_ = backend_.instance();
  unique_fd device_ = open_device();
};

TEST_F(WakeAbiTest, BadArgumentsAreEinval) {
  for (const int fd : {ep_.get(), device_.get()}) {
    EXPECT_THAT(set_policy(fd, XPOLL_WAKE_BPF + 1), SyscallFailsWithErrno(EINVAL));
    EXPECT_THAT(set(fd, {.policy = 0, .prog_fd = 1, .heartbeat_ns = 0, .reserved = {}}),
                SyscallFailsWithErrno(EINVAL));
    EXPECT_THAT(set(fd, {.policy = 0, .prog_fd = 0, .heartbeat_ns = 0, .reserved = {0, 1}}),
                SyscallFailsWithErrno(EINVAL));
    EXPECT_THAT(ioctl(fd, XPOLL_IOC_WAKE, nullptr), SyscallFailsWithErrno(EFAULT));
  }
}

TEST_F(WakeAbiTest, ProgramMustBeABpfProgram) {
  EXPECT_THAT(
      set(ep_.get(), {.policy = XPOLL_WAKE_BPF, .prog_fd = -1, .heartbeat_ns = 0, .reserved = {}}),
      SyscallFailsWithErrno(EBADF));
  EXPECT_THAT(
      set(ep_.get(),
          {.policy = XPOLL_WAKE_BPF, .prog_fd = ep_.get(), .heartbeat_ns = 0, .reserved = {}}),
      SyscallFailsWithErrno(EINVAL));
}

TEST_F(WakeAbiTest, WorkerBeyondTheTableIsEinval) {
  const std::uint32_t worker = XPOLL_WORKERS_MAX + 1;
  EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_WORKER, &worker), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(ioctl(device_.get(), XPOLL_IOC_WORKER, &worker), SyscallFailsWithErrno(ENOTTY));
}

TEST_F(WakeAbiTest, TableIsMappedSharedWholeAndOncePolicyIsSet) {
  const auto map = [&](int fd, std::size_t size, int flags, off_t offset) {
    void* at = mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, fd, offset);
    if (at == MAP_FAILED) return -1;
    munmap(at, size);
    return 0;
  };
  const auto page = static_cast<off_t>(Table::size());
  for (const int fd : {ep_.get(), device_.get()}) {
    EXPECT_THAT(map(fd, Table::size(), MAP_SHARED, 0), SyscallFailsWithErrno(ENODEV));
    ASSERT_THAT(set_policy(fd, XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
    EXPECT_THAT(map(fd, Table::size(), MAP_PRIVATE, 0), SyscallFailsWithErrno(EINVAL));
    EXPECT_THAT(map(fd, 2 * Table::size(), MAP_SHARED, 0), SyscallFailsWithErrno(EINVAL));
    EXPECT_THAT(map(fd, Table::size(), MAP_SHARED, page), SyscallFailsWithErrno(EINVAL));
    EXPECT_THAT(map(fd, Table::size(), MAP_SHARED, 0), SyscallSucceeds());
  }
}

TEST_F(WakeAbiTest, TableStaysMappedAfterItsInstance) {
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_LEAST_LOADED), SyscallSucceeds());
  Table table(ep_.get());
  ep_.reset();
  table[XPOLL_WORKERS_MAX].load = 7;
  EXPECT_EQ(table[XPOLL_WORKERS_MAX].load, 7U);
  EXPECT_EQ(table[1].load, 0U);
}

}  // namespace
}  // namespace xpoll::test
