// SPDX-License-Identifier: GPL-2.0-only
// Which instances a group's wake policy applies to, and which group has the table of workers.
#include <poll.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <memory>

#include "tools/util/checked.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/enter.h"
#include "util/matchers.h"
#include "util/monotonic.h"
#include "util/process.h"
#include "util/raw.h"
#include "util/sleep_watch.h"
#include "util/stats.h"
#include "util/wake_instances.h"
#include "util/worker_table.h"

namespace xpoll::test {
namespace {

constexpr uid_t kStranger = 1000;

class WakeGroupTest : public WakeInstancesTest {
 protected:
  // Returns 0, or -1 with errno.
  static int try_map(int fd) {
    void* at = mmap(nullptr, WorkerTable::size(), PROT_READ, MAP_SHARED, fd, 0);
    return at == MAP_FAILED ? -1 : munmap(at, WorkerTable::size());
  }
  int try_to_join(std::uint32_t number) const {
    const struct xpoll_create arguments { .flags = XPOLL_CLOEXEC, .group = number };
    return unique_fd(ioctl(open_device().get(), XPOLL_IOC_CREATE, &arguments)).valid() ? 0 : -1;
  }
  // Expects that this worker takes each of the events.
  void expect_taker(Workers& workers, int expected, int events) {
    for (int event = 0; event < events; ++event) {
      EXPECT_EQ(taker(workers, eventfd_), expected) << event;
      workers[expected] = start_one(expected);
    }
  }
};

TEST_F(WakeGroupTest, WatchesFromBeforeTheFirstPolicyStayNative) {
  add_instances(2, eventfd_);
  ASSERT_THAT(set_policy(device_.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  auto workers = start();
  expect_taker(workers, 0, 3);
  for (const unique_fd& ep : instances_) {
    ASSERT_THAT(backend_.del(ep.get(), eventfd_.get()), SyscallSucceeds());
    edge_watch(ep.get(), eventfd_, EPOLLEXCLUSIVE);
  }
  expect_taker(workers, 0, 1);
  expect_taker(workers, 1, 1);
}

TEST_F(WakeGroupTest, AWaiterBelowItsMinimumIsNotChosen) {
  watch(XPOLL_WAKE_ROUND_ROBIN, 2);
  const unique_fd one = make_eventfd();
  const unique_fd other = make_eventfd();
  for (const unique_fd* fd : {&one, &other})
    ASSERT_THAT(backend_.add(instances_[0].get(), fd->get(), EPOLLIN), SyscallSucceeds());
  Enter several(instances_[0].get());
  several.arguments.minevents = 2;
  several.arguments.timeout_ns = 60'000'000'000;  // ends a test that has failed
  Thread patient([&] { EXPECT_EQ(several.call(), 2); });
  const SleepWatch asleep(patient.tid());
  Workers workers;
  for (int round = 0; round < 3; ++round) {
    workers.clear();
    workers.push_back(start_one(1));
    EXPECT_EQ(taker(workers, eventfd_), 0);
  }
  EXPECT_TRUE(asleep.undisturbed());
  post(one);
  post(other);
  patient.join();
}

TEST_F(WakeGroupTest, InstanceFromBeforeTheFirstPolicyHasNoTable) {
  const unique_fd before = create();
  ASSERT_THAT(set_policy(device_.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  EXPECT_THAT(try_map(before.get()), SyscallFailsWithErrno(ENODEV));
  EXPECT_THAT(try_map(create().get()), SyscallSucceeds());
}

TEST_F(WakeGroupTest, InstanceSharesTheTableUntilItHasAPolicyOfItsOwn) {
  ASSERT_THAT(set_policy(device_.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  const unique_fd ep = create();
  WorkerTable shared(ep.get());
  shared[1].load = 7;
  EXPECT_EQ(WorkerTable(device_.get())[1].load, 7U);
  ASSERT_THAT(set_policy(ep.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  WorkerTable own(ep.get());
  EXPECT_EQ(own[1].load, 0U);
  own[1].load = 8;
  EXPECT_EQ(shared[1].load, 7U) << "it stays the group's";
  EXPECT_EQ(WorkerTable(device_.get())[1].load, 7U);
}

TEST_F(WakeGroupTest, WakeUpThatSaysNothingGoesToTheFirstInstanceWithAWaiter) {
  const unique_fd signals = make_signalfd(SIGUSR1);
  watch(XPOLL_WAKE_ROUND_ROBIN, 3, signals);
  Workers workers;
  for (int i = 0; i < 3; ++i)
    workers.push_back(std::make_unique<Worker>(instances_[i].get(), -1, 0));
  const auto expect_first = [&](int expected) {
    EXPECT_EQ(taker(workers, [] { checked(kill(getpid(), SIGUSR1), "kill"); }), expected);
    drain(signals);
  };
  for (int round = 0; round < 2; ++round) {
    expect_first(0);
    workers[0] = std::make_unique<Worker>(instances_[0].get(), -1, 0);
  }
  workers[0] = nullptr;
  expect_first(1);
}

TEST_F(WakeGroupTest, InstanceThatIsOnlyPolledIsNoCandidate) {
  watch(XPOLL_WAKE_ROUND_ROBIN, 2);
  Process polling([this] {
    pollfd request{.fd = instances_[0].get(), .events = POLLIN, .revents = 0};
    return poll(&request, 1, -1);
  });
  const SleepWatch asleep(polling.pid());
  Workers workers(2);
  workers[1] = start_one(1);
  expect_taker(workers, 1, 3);
  EXPECT_TRUE(asleep.undisturbed());
}

TEST_F(WakeGroupTest, InstanceThatIsOnlyWatchedIsNoCandidate) {
  watch(XPOLL_WAKE_ROUND_ROBIN, 2);
  const unique_fd outer = backend_.instance();
  ASSERT_THAT(backend_.add(outer.get(), instances_[0].get(), EPOLLIN), SyscallSucceeds());
  Workers workers;
  workers.push_back(std::make_unique<Worker>(outer.get(), eventfd_.get(), 0));
  workers.push_back(start_one(1));
  expect_taker(workers, 1, 3);
  workers[1] = nullptr;
  EXPECT_EQ(taker(workers, eventfd_), 0) << "nobody else waits";
}

// All instances of a group together, since this is done with interrupts off.
TEST_F(WakeGroupTest, AnEventIsOfferedUntil128WaitersHaveBeenExamined) {
  constexpr int kExamined = 128;
  ASSERT_THAT(set_policy(device_.get(), XPOLL_WAKE_ROUND_ROBIN, monotonic_ns() / 2),
              SyscallSucceeds());
  WorkerTable table(device_.get());
  table[1].heartbeat_ns = 1;
  add_instances(2, eventfd_);
  Workers workers;
  workers.push_back(start_one(1));
  while (workers.size() < kExamined) workers.push_back(start_one(0, 1));
  EXPECT_EQ(taker(workers, eventfd_), 0) << "all 127 others seem to hang";
  workers[0] = start_one(1);
  workers.push_back(start_one(0, 1));
  EXPECT_EQ(taker(workers, eventfd_), 1) << "the first of the instance that comes first";
}

TEST_F(WakeGroupTest, MappingKeepsTheInstance) {
  ASSERT_THAT(set_policy(device_.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  {
    unique_fd ep = create();
    const WorkerTable table(ep.get());
    ep.reset();
    EXPECT_EQ(stats_of(device_).open_instances, 1U);
  }
  EXPECT_EQ(stats_of(device_).open_instances, 0U);
}

TEST_F(WakeGroupTest, MappingKeepsTheGroupOpenForInstances) {
  ASSERT_THAT(set_policy(device_.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  const std::uint32_t number = group();
  {
    const WorkerTable table(device_.get());
    device_.reset();
    EXPECT_THAT(try_to_join(number), SyscallSucceeds());
  }
  EXPECT_THAT(try_to_join(number), SyscallFailsWithErrno(ESRCH));
}

TEST_F(WakeGroupTest, InstanceThatJoinedByKeyMapsTheGroupsTable) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to become another user";
  ASSERT_THAT(set_policy(device_.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  struct xpoll_create_keyed arguments {
    .flags = XPOLL_CLOEXEC, .group = group(), .key = 0
  };
  checked(ioctl(device_.get(), XPOLL_IOC_KEY, &arguments.key), "XPOLL_IOC_KEY");
  Process stranger([&] {
    become_user(kStranger);
    const unique_fd ep =
        checked_fd(ioctl(open_device().get(), XPOLL_IOC_CREATE_KEYED, &arguments), "create");
    WorkerTable(ep.get())[1].load = 7;
    return 0;
  });
  ASSERT_THAT(stranger.join(), SyscallSucceeds());
  EXPECT_EQ(WorkerTable(device_.get())[1].load, 7U);
}

}  // namespace
}  // namespace xpoll::test
