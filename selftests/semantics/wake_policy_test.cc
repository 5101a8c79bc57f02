// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_IOC_WAKE: which waiter of an instance, and which instance of a group, gets an event.
#include <linux/bpf.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "tools/util/bpf_program.h"
#include "tools/util/checked.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/enter.h"
#include "util/io_ring.h"
#include "util/matchers.h"
#include "util/monotonic.h"
#include "util/one_processor.h"
#include "util/process.h"
#include "util/raw.h"
#include "util/requires.h"
#include "util/stats.h"
#include "util/time_namespace.h"
#include "util/wake_instances.h"
#include "util/wake_waiters.h"
#include "util/worker_table.h"

namespace xpoll::test {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr int kRounds = 3;

TEST_F(WakeWaitersTest, NativeWakesTheOneThatCameLast) {
  for (const std::uint32_t before : {XPOLL_WAKE_NATIVE, XPOLL_WAKE_ROUND_ROBIN}) {
    ASSERT_THAT(set_policy(ep_.get(), before), SyscallSucceeds());
    ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_NATIVE), SyscallSucceeds());
    auto workers = start(kWorkers);
    for (int expected = kWorkers - 1; expected >= 0; --expected) {
      EXPECT_EQ(taker(workers, eventfd_), expected) << "policy before: " << before;
      workers[expected] = nullptr;
    }
  }
}

TEST_F(WakeWaitersTest, TheWorkerOfEnterCountsAsThatOfAWait) {
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_LEAST_LOADED), SyscallSucceeds());
  WorkerTable table(ep_.get());
  table[1].load = 2;
  table[2].load = 1;
  for (const std::uint32_t flags : {0U, 0U + XPOLL_ENTER_EXTENDED}) {
    SCOPED_TRACE(flags);
    std::atomic<int> first{0};
    const auto wait = [&](int worker) {
      struct xpoll_event room {};  // larger than an epoll_event
      Enter enter(ep_.get(), {}, 1);
      enter.arguments.events = address(&room);
      enter.arguments.flags = flags;
      enter.arguments.timeout_ns = -1;
      enter.arguments.worker = static_cast<__u32>(worker);
      EXPECT_EQ(enter.call(), 1);
      int none = 0;
      first.compare_exchange_strong(none, worker);
    };
    // Without numbers the one that has waited longest would be woken.
    Thread busy([&] { wait(1); });
    busy.wait_until_asleep_in_wait();
    Thread idle([&] { wait(2); });
    idle.wait_until_asleep_in_wait();
    post(eventfd_);
    wait_until("one of them returns", [&] { return first != 0; });
    EXPECT_EQ(first, 2);
    post(eventfd_);
    busy.join();
    idle.join();
  }
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

TEST_F(WakeWaitersTest, WaiterThatWasWokenAndFoundNothingIsNextAgain) {
  // A FIN wakes once with key 0, so the watch is queued and then found not ready.
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep_.get(), pair.server.get(), EPOLLMSG), SyscallSucceeds());
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  auto workers = start(kWorkers);
  checked(shutdown(pair.client.get(), SHUT_WR), "shutdown");
  wait_until("the first one woken", [&] { return workers[0]->disturbed(); });
  workers[0]->wait_until_asleep();
  for (int i = 0; i < kWorkers; ++i) {
    EXPECT_EQ(taker(workers, eventfd_), i);
    workers[i] = nullptr;
  }
}

TEST_F(WakeWaitersTest, LeastLoadedWakesTheSmallestLoad) {
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_LEAST_LOADED), SyscallSucceeds());
  WorkerTable table(ep_.get());
  auto workers = start(kWorkers, true);
  const std::vector<std::uint64_t> loads{5, 3, UINT64_MAX, 4};
  for (int i = 0; i < kWorkers; ++i) table[i + 1].load = loads[i];
  for (const int expected : {1, 3, 0, 2}) {
    EXPECT_EQ(taker(workers, eventfd_), expected);
    workers[expected] = nullptr;
  }
}

// A policy considers at most 128 candidates.
TEST_F(WakeWaitersTest, LeastLoadedComparesTheFirst128) {
  constexpr int kExamined = 128;
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_LEAST_LOADED), SyscallSucceeds());
  WorkerTable table(ep_.get());
  table[1].load = 1;
  Workers workers;
  for (int i = 0; i < kExamined; ++i) workers.push_back(start_one(1));
  workers.push_back(start_one(2));
  for (const int expected : {0, kExamined}) {
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
  constexpr std::uint64_t kHour = 3'600'000'000'000;
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_ROUND_ROBIN, monotonic_ns() / 2), SyscallSucceeds());
  WorkerTable table(ep_.get());
  auto workers = start(3, true);
  table[1].heartbeat_ns = 1;
  table[2].heartbeat_ns = monotonic_ns() + kHour;
  // worker 3 has no heartbeat
  for (const int expected : {1, 2, 0}) {
    EXPECT_EQ(taker(workers, eventfd_), expected);
    workers[expected] = nullptr;
  }
}

TEST_F(WakeWaitersTest, WorkerWithAnOldHeartbeatIsNotChosenForItsLoad) {
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_LEAST_LOADED, monotonic_ns() / 2),
              SyscallSucceeds());
  WorkerTable table(ep_.get());
  table[1].load = 5;
  table[2].load = 1;
  table[2].heartbeat_ns = 1;
  table[3].load = 3;
  auto workers = start(3, true);
  for (const int expected : {2, 0, 1}) {
    EXPECT_EQ(taker(workers, eventfd_), expected);
    workers[expected] = nullptr;
  }
}

TEST_F(WakeWaitersTest, WorkerWithAnOldHeartbeatIsNoCandidateOfAProgram) {
  ASSERT_THAT(set_program(ep_.get(), bpf::load_constant(0).get(), monotonic_ns() / 2),
              SyscallSucceeds());
  WorkerTable table(ep_.get());
  table[1].heartbeat_ns = 1;
  auto workers = start(3, true);
  for (const int expected : {1, 2, 0}) {
    EXPECT_EQ(taker(workers, eventfd_), expected);
    workers[expected] = nullptr;
  }
}

TEST_F(WakeWaitersTest, HeartbeatOfAnyAgeWillDoWithoutALimit) {
  for (const std::uint32_t policy : {XPOLL_WAKE_ROUND_ROBIN, XPOLL_WAKE_LEAST_LOADED}) {
    ASSERT_THAT(set_policy(ep_.get(), policy, 0), SyscallSucceeds());
    WorkerTable table(ep_.get());
    table[1].heartbeat_ns = 1;
    auto workers = start(2, true);
    for (const int expected : {0, 1}) {
      EXPECT_EQ(taker(workers, eventfd_), expected) << "policy " << policy;
      workers[expected] = nullptr;
    }
  }
}

// The namespace's clock is ahead, and a heartbeat is too old on it. On the clock outside it would
// be in the future.
TEST_F(WakeWaitersTest, HeartbeatsAreTakenOnTheClockOfTheNamespaceThatSetThePolicy) {
  XPOLL_REQUIRE(has_time_namespaces(), "time namespaces");
  constexpr seconds kAhead(1'000'000);
  constexpr seconds kLimit(500'000);
  const auto limit_heartbeats = [&] {
    return set_policy(ep_.get(), XPOLL_WAKE_ROUND_ROBIN, nanoseconds(kLimit).count());
  };
  Process outside([&] {
    make_time_namespace(kAhead);
    return Process(limit_heartbeats).join();
  });
  ASSERT_THAT(outside.join(), SyscallSucceeds());
  WorkerTable table(ep_.get());
  table[1].heartbeat_ns = monotonic_ns() + nanoseconds(kAhead - kLimit - seconds(1)).count();
  auto workers = start(2, true);
  EXPECT_EQ(taker(workers, eventfd_), 1);
  workers[1] = start_one(2);
  ASSERT_THAT(limit_heartbeats(), SyscallSucceeds());
  EXPECT_EQ(taker(workers, eventfd_), 0);
  workers[0] = nullptr;
  finish(workers, eventfd_);
}

TEST_F(WakeWaitersTest, ProgramChooses) {
  ASSERT_THAT(set_program(ep_.get(), bpf::load_constant(2).get()), SyscallSucceeds());
  auto workers = start(kWorkers);
  EXPECT_EQ(taker(workers, eventfd_), 2);
  workers[2] = nullptr;
  EXPECT_EQ(taker(workers, eventfd_), 3);
  workers[3] = nullptr;
  // the index is out of range now
  for (const int expected : {0, 1}) {
    EXPECT_EQ(taker(workers, eventfd_), expected);
    workers[expected] = nullptr;
  }
}

TEST_F(WakeWaitersTest, ResultOutOfRangeTakesTheOneThatWaitedLongest) {
  for (const int index : {-1, kWorkers, 1 << 30}) {
    ASSERT_THAT(set_program(ep_.get(), bpf::load_constant(index).get()), SyscallSucceeds());
    auto workers = start(kWorkers);
    for (int i = 0; i < kWorkers; ++i) {
      EXPECT_EQ(taker(workers, eventfd_), i) << index;
      workers[i] = nullptr;
    }
  }
}

TEST_F(WakeWaitersTest, ProgramSeesHowManyCandidatesThereAre) {
  const unique_fd last = bpf::load_program(
      {bpf::load(BPF_DW, 0, 1, offsetof(xpoll_wake_context, count)), bpf::add(0, -1), bpf::kExit});
  ASSERT_THAT(set_program(ep_.get(), last.get()), SyscallSucceeds());
  auto workers = start(kWorkers);
  for (int expected = kWorkers - 1; expected >= 0; --expected) {
    EXPECT_EQ(taker(workers, eventfd_), expected);
    workers[expected] = nullptr;
  }
}

// Since 6.10 a raw tracepoint program may read the cookie of its attachment.
TEST_F(WakeWaitersTest, ProgramHasTheCookieOfOneThatWasAttachedWithoutOne) {
  const bpf::Program cookie{bpf::call(BPF_FUNC_get_attach_cookie), bpf::add(0, 1), bpf::kExit};
  if (!bpf::allows(cookie)) GTEST_SKIP() << "this kernel has no cookies for raw tracepoints";
  ASSERT_THAT(set_program(ep_.get(), bpf::load_program(cookie).get()), SyscallSucceeds());
  auto workers = start(kWorkers);
  EXPECT_EQ(taker(workers, eventfd_), 1);
  workers[1] = nullptr;
  finish(workers, eventfd_);
}

TEST_F(WakeInstancesTest, RoundRobinWakesEachInstanceInTurn) {
  watch(XPOLL_WAKE_ROUND_ROBIN);
  auto workers = start();
  for (int round = 0; round < kRounds * kWorkers; ++round) {
    EXPECT_EQ(taker(workers, eventfd_), round % kWorkers) << round;
    workers[round % kWorkers] = start_one(round % kWorkers);
  }
  finish(workers, eventfd_);
}

// The instance has a worker number; its waiter has none.
TEST_F(WakeInstancesTest, InstanceWhoseWorkerHasAnOldHeartbeatIsPassedOver) {
  watch(XPOLL_WAKE_ROUND_ROBIN, 2);
  ASSERT_THAT(set_policy(device_.get(), XPOLL_WAKE_ROUND_ROBIN, monotonic_ns() / 2),
              SyscallSucceeds());
  WorkerTable table(device_.get());
  table[1].heartbeat_ns = 1;
  const std::uint32_t worker = 1;
  ASSERT_THAT(ioctl(instances_[0].get(), XPOLL_IOC_WORKER, &worker), SyscallSucceeds());
  auto workers = start();
  EXPECT_EQ(taker(workers, eventfd_), 1);
  workers[1] = nullptr;
  finish(workers, eventfd_);
}

// The instances have no worker numbers; their waiters do.
TEST_F(WakeInstancesTest, InstanceWhoseWaiterHasAnOldHeartbeatIsPassedOver) {
  watch(XPOLL_WAKE_ROUND_ROBIN, 2);
  ASSERT_THAT(set_policy(device_.get(), XPOLL_WAKE_ROUND_ROBIN, monotonic_ns() / 2),
              SyscallSucceeds());
  WorkerTable table(device_.get());
  table[1].heartbeat_ns = 1;
  Workers workers;
  workers.push_back(start_one(0, 1));
  workers.push_back(start_one(1, 2));
  const std::uint64_t callbacks = stats_of(instances_[0]).callbacks;
  EXPECT_EQ(taker(workers, eventfd_), 1);
  EXPECT_FALSE(workers[0]->disturbed());
  // only from the read, with EPOLLOUT
  EXPECT_EQ(stats_of(instances_[0]).callbacks, callbacks + 1);
  workers[1] = nullptr;
  finish(workers, eventfd_);
}

TEST_F(WakeInstancesTest, EventForWaitersThatAllHaveOldHeartbeatsWakesOne) {
  watch(XPOLL_WAKE_ROUND_ROBIN, kWorkers);
  ASSERT_THAT(set_policy(device_.get(), XPOLL_WAKE_ROUND_ROBIN, monotonic_ns() / 2),
              SyscallSucceeds());
  WorkerTable table(device_.get());
  Workers workers;
  for (int i = 0; i < kWorkers; ++i) {
    table[i + 1].heartbeat_ns = 1;
    workers.push_back(start_one(i, i + 1));
  }
  EXPECT_EQ(taker(workers, eventfd_), 0) << "as without a policy";
  for (int i = 1; i < kWorkers; ++i) EXPECT_FALSE(workers[i]->disturbed()) << i;
  workers[0] = nullptr;
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
  Workers workers(3);
  workers[1] = start_one(1);
  workers[2] = start_one(2);
  EXPECT_EQ(taker(workers, eventfd_), 1);
  workers[1] = start_one(1);
  EXPECT_EQ(taker(workers, eventfd_), 2);
  workers[2] = nullptr;
  EXPECT_EQ(taker(workers, eventfd_), 1);
  // only from the three reads, with EPOLLOUT; no event was offered to it
  EXPECT_EQ(stats_of(instances_[0]).callbacks, 3U);
}

TEST_F(WakeInstancesTest, InstanceWhoseWaiterIsAboutToStopIsPassedOver) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, for a real-time priority";
  watch(XPOLL_WAKE_ROUND_ROBIN, 2);
  const OneProcessor one;
  Process stopping([this] {
    epoll_event event;
    return backend_.wait(instances_[0].get(), &event, 1, -1);
  });
  stopping.wait_until_asleep_in_wait();
  const std::unique_ptr<Worker> other = start_one(1);
  other->wait_until_asleep();
  one.undisturbed([&] {
    checked(kill(stopping.pid(), SIGSTOP), "SIGSTOP");
    post(eventfd_);
  });
  wait_until("the other takes the event", [&] { return other->returned(); });
  EXPECT_EQ(other->result(), 1);
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
  WorkerTable table(device_.get());
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

// A ring wakes all waiters for its completions, with EPOLLIN. In the second round the first
// instance does not have the turn.
TEST_F(WakeInstancesTest, EventForAllReachesEveryInstance) {
  XPOLL_REQUIRE(IoRing::available(), "io_uring");
  IoRing ring;
  watch(XPOLL_WAKE_ROUND_ROBIN, 3, ring.fd());
  for (int round = 0; round < kRounds; ++round) {
    Workers workers;
    for (const unique_fd& ep : instances_)
      workers.push_back(std::make_unique<Worker>(ep.get(), -1, 0));
    ring.submit({});
    for (const std::unique_ptr<Worker>& worker : workers) {
      wait_until("each instance has the event", [&] { return worker->returned(); });
      EXPECT_EQ(worker->result(), 1);
    }
  }
}

// In the second round the instance with the turn comes after the first one.
TEST_F(WakeInstancesTest, EventForAllWakesOneWaiterOfEachInstance) {
  XPOLL_REQUIRE(IoRing::available(), "io_uring");
  IoRing ring;
  watch(XPOLL_WAKE_ROUND_ROBIN, 2, ring.fd());
  for (int round = 0; round < 2; ++round) {
    Workers workers;
    for (const unique_fd& ep : instances_)
      for (int i = 0; i < 2; ++i) workers.push_back(std::make_unique<Worker>(ep.get(), -1, 0));
    ring.submit({});
    for (std::size_t first = 0; first < workers.size(); first += 2) {
      wait_until("the one that waited longest returns", [&] { return workers[first]->returned(); });
      EXPECT_FALSE(workers[first + 1]->disturbed()) << "instance " << first / 2;
    }
  }
}

TEST_F(WakeInstancesTest, InstanceWithoutAWaiterIsNoCandidateOfAProgram) {
  watch(XPOLL_WAKE_NATIVE, 3);
  ASSERT_THAT(set_program(device_.get(), bpf::load_constant(1).get()), SyscallSucceeds());
  Workers workers(3);
  for (const int i : {1, 2}) workers[i] = start_one(i);
  // the second of the two candidates
  EXPECT_EQ(taker(workers, eventfd_), 2);
  workers[2] = nullptr;
  finish(workers, eventfd_);
}

TEST_F(WakeInstancesTest, ProgramChooses) {
  watch(XPOLL_WAKE_NATIVE);
  ASSERT_THAT(set_program(device_.get(), bpf::load_constant(1).get()), SyscallSucceeds());
  auto workers = start();
  EXPECT_EQ(taker(workers, eventfd_), 1);
  workers[1] = start_one(1);
  // the candidates begin with the instance that has the turn, the third one
  EXPECT_EQ(taker(workers, eventfd_), 3);
  workers[3] = nullptr;
  workers[1].reset();
  finish(workers, eventfd_);
}

TEST_F(WakeInstancesTest, WaitersOfAnInstanceShareItsGroupsPolicyUntilItHasOneOfItsOwn) {
  watch(XPOLL_WAKE_ROUND_ROBIN, 1);
  for (const int expected : {0, 2}) {
    Workers workers;
    for (int i = 0; i < 3; ++i) workers.push_back(start_one(0));
    EXPECT_EQ(taker(workers, eventfd_), expected);
    workers[expected] = nullptr;
    for (int left = 0; left < 2; ++left) workers[taker(workers, eventfd_)] = nullptr;
    ASSERT_THAT(set_policy(instances_[0].get(), XPOLL_WAKE_NATIVE), SyscallSucceeds());
  }
}

TEST_F(WakeInstancesTest, PeersThatLeaveInAnyOrderLeaveTheOthersTheirTurns) {
  watch(XPOLL_WAKE_ROUND_ROBIN);
  auto workers = start();
  EXPECT_EQ(taker(workers, eventfd_), 0);
  workers[0] = start_one(0);
  // 1 would have the turn
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

}  // namespace
}  // namespace xpoll::test
