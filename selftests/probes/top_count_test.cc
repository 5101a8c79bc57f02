// SPDX-License-Identifier: GPL-2.0-only
// xpoll-top's counts of an instance equal those of a known workload.
#include <chrono>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "probes/top_run.h"
#include "tools/probes/util/attachable.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/each_backend.h"
#include "util/fault_gate.h"
#include "util/matchers.h"
#include "util/one_processor.h"
#include "util/requires.h"
#include "util/thread.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

const Json kNothingLost{{"hits", 0},    {"instances", 0},  {"waits", 0},
                        {"workers", 0}, {"histograms", 0}, {"closed", 0}};

class TopCountTest : public EachBackend {
 protected:
  static void SetUpTestSuite() {
    for (const Backend backend : {Backend::xpoll(), Backend::native()})
      early_instances.insert_or_assign(backend.name(), backend.instance());
    shared = std::make_unique<SharedTop>();
  }
  // Null if the set-up failed.
  static void TearDownTestSuite() {
    if (shared) end_shared();
    early_instances.clear();
  }

  static void end_shared() {
    const TopResult result = shared->interrupt();
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.total()["lost"], kNothingLost);
    shared.reset();
  }

  int add_eventfd(const unique_fd& watched, std::uint32_t events) {
    return backend_.add(ep_.get(), watched.get(), events);
  }

  // One wait that sleeps until the event arrives.
  void deliver_to_a_sleeper(const unique_fd& ep) {
    Waiter waiter(backend_, ep.get());
    waiter.wait_until_asleep();
    post(watched_);
    ASSERT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  }

  Json end_top() const { return shared->end(ep_.get()); }

  const unique_fd ep_ = GetParam().instance();
  const unique_fd watched_ = make_eventfd();
  static inline std::unique_ptr<SharedTop> shared;
  // An instance of each kind that exists before xpoll-top starts.
  static inline std::map<std::string, unique_fd> early_instances;
};
XPOLL_FOR_EACH_BACKEND(TopCountTest);

TEST_P(TopCountTest, EachEventForASleeperIsACallbackAWakeAndAnEvent) {
  constexpr int kEvents = 20;
  const unique_fd& ep = early_instances.at(backend_.name());
  ASSERT_THAT(backend_.add(ep.get(), watched_.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  shared->begin();
  for (int i = 0; i < kEvents; ++i) deliver_to_a_sleeper(ep);
  const Json row = shared->end(ep.get());
  EXPECT_EQ(row["kind"], backend_.name());
  EXPECT_EQ(row["callbacks"], kEvents);
  EXPECT_EQ(row["wakes"], kEvents);
  EXPECT_EQ(row["events"], kEvents);
  EXPECT_EQ(row["events_per_wake"], 1.0);
  EXPECT_EQ(row["spurious_wakes"], 0);
  EXPECT_EQ(row["overflows"], 0);
  EXPECT_EQ(row["waits_under_way"], 0);
}

TEST_P(TopCountTest, EventsThatNobodyWaitsForWakeNobody) {
  ASSERT_THAT(add_eventfd(watched_, EPOLLIN | EPOLLET), SyscallSucceeds());
  shared->begin();
  post(watched_);
  post(watched_);
  ASSERT_THAT(backend_.ready(ep_.get()), testing::SizeIs(1));
  ASSERT_THAT(backend_.ready(ep_.get()), testing::IsEmpty());
  const Json row = end_top();
  EXPECT_EQ(row["callbacks"], 2);
  EXPECT_EQ(row["wakes"], 0);
  EXPECT_EQ(row["events"], 1);
  EXPECT_TRUE(row["events_per_wake"].is_null());
}

TEST_P(TopCountTest, EachEventOfOneWaitCounts) {
  std::vector<unique_fd> ready;
  for (int i = 0; i < 5; ++i) {
    ready.push_back(make_eventfd(1));
    ASSERT_THAT(add_eventfd(ready.back(), EPOLLIN), SyscallSucceeds());
  }
  shared->begin();
  ASSERT_THAT(backend_.ready(ep_.get()), testing::SizeIs(5));
  EXPECT_EQ(end_top()["events"], 5);
}

TEST_P(TopCountTest, NothingIsLostWhenAllProcessorsCount) {
  constexpr int kPosts = 500;
  constexpr int kPosters = 3;
  ASSERT_THAT(add_eventfd(watched_, EPOLLIN), SyscallSucceeds());
  std::vector<unique_fd> watched;
  for (int i = 0; i < kPosters; ++i) {
    watched.push_back(make_eventfd());
    ASSERT_THAT(add_eventfd(watched.back(), EPOLLIN | EPOLLET), SyscallSucceeds());
  }
  shared->begin();
  std::list<Thread> posters;
  for (const unique_fd& fd : watched)
    posters.emplace_back([&fd] {
      for (int i = 0; i < kPosts; ++i) post(fd);
    });
  std::size_t delivered = 0;
  Thread waiter([&] {
    bool stopped = false;
    while (!stopped) {
      for (const epoll_event& event : backend_.ready(ep_.get(), -1)) {
        ++delivered;
        stopped = stopped || event.data.u64 == static_cast<std::uint64_t>(watched_.get());
      }
    }
  });
  for (Thread& poster : posters) poster.join();
  post(watched_);
  waiter.join();
  // TearDownTestSuite() checks the lost events.
  const Json row = end_top();
  EXPECT_EQ(row["callbacks"], kPosts * kPosters + 1);
  EXPECT_EQ(row["events"], delivered);
}

TEST_P(TopCountTest, AnEventThatComesDuringAScanIsAnOverflow) {
  XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
  post(watched_);
  ASSERT_THAT(add_eventfd(watched_, EPOLLIN | EPOLLET), SyscallSucceeds());
  shared->begin();
  FaultGate gate;
  Waiter scanner(backend_, ep_.get(), gate.array_gated_at(0), 1);
  gate.wait_until_reached();
  post(watched_);
  // The item is queued already.
  post(watched_);
  gate.open();
  ASSERT_THAT(scanner.join(), SyscallSucceedsWithValue(1));
  const Json row = end_top();
  EXPECT_EQ(row["callbacks"], 2);
  EXPECT_EQ(row["overflows"], 1);
}

// A scan that is held up for some time takes at least that time.
TEST_P(TopCountTest, TheTimeOfAScanIsMeasuredOrNotToldAtAll) {
  XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
  using Clock = std::chrono::steady_clock;
  post(watched_);
  ASSERT_THAT(add_eventfd(watched_, EPOLLIN | EPOLLET), SyscallSucceeds());
  shared->begin();
  FaultGate gate;
  const Clock::time_point began = Clock::now();
  Waiter scanner(backend_, ep_.get(), gate.array_gated_at(0), 1);
  gate.wait_until_reached();
  const Clock::time_point reached = Clock::now();
  const Clock::time_point opened = Clock::now();
  gate.open();
  ASSERT_THAT(scanner.join(), SyscallSucceedsWithValue(1));
  const auto whole = std::chrono::nanoseconds(Clock::now() - began).count();
  const Json scan = end_top()["scan_ns"];
  if (scan.is_null()) {
    const auto traced = [](const char* name) { return probes::load_idle_fentry(name).valid(); };
    EXPECT_TRUE(backend_.is_native() && !(traced("ep_start_scan") && traced("ep_done_scan")));
    return;
  }
  EXPECT_GE(scan, std::chrono::nanoseconds(opened - reached).count());
  EXPECT_LE(scan, whole);
}

TEST_P(TopCountTest, AWakeThatFindsNothingIsSpurious) {
  ASSERT_THAT(add_eventfd(watched_, EPOLLIN), SyscallSucceeds());
  shared->begin();
  const OneProcessor processor;
  Waiter waiter(backend_, ep_.get());
  waiter.wait_until_asleep();
  processor.undisturbed([this] {
    post(watched_);
    take(watched_);
  });
  // The waiter found nothing and sleeps again.
  waiter.wait_until_asleep();
  post(watched_);
  ASSERT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  const Json row = end_top();
  EXPECT_EQ(row["callbacks"], 3);
  EXPECT_EQ(row["wakes"], 2);
  EXPECT_EQ(row["events"], 1);
  EXPECT_EQ(row["spurious_wakes"], 1);
}

TEST_P(TopCountTest, AWakeIsSpuriousTooIfASignalEndsTheWait) {
  ASSERT_THAT(add_eventfd(watched_, EPOLLIN), SyscallSucceeds());
  shared->begin();
  {
    const OneProcessor processor;
    Waiter waiter(backend_, ep_.get());
    waiter.wait_until_asleep();
    processor.undisturbed([this] {
      post(watched_);
      take(watched_);
    });
    waiter.wait_until_asleep();
    // The destructor sends the signal.
  }
  const Json row = end_top();
  EXPECT_EQ(row["wakes"], 1);
  EXPECT_EQ(row["events"], 0);
  EXPECT_EQ(row["spurious_wakes"], 1);
}

TEST_P(TopCountTest, ASignalIsNoWake) {
  ASSERT_THAT(add_eventfd(watched_, EPOLLIN), SyscallSucceeds());
  shared->begin();
  Waiter(backend_, ep_.get()).wait_until_asleep();
  const Json row = end_top();
  EXPECT_EQ(row["wakes"], 0);
  EXPECT_EQ(row["spurious_wakes"], 0);
}

}  // namespace
}  // namespace xpoll::test
