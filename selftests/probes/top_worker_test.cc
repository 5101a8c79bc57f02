// SPDX-License-Identifier: GPL-2.0-only
// xpoll-top's report on threads that share the events of an instance or a file.
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "probes/top_run.h"
#include "probes/workers.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/one_processor.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

using Clock = std::chrono::steady_clock;

// The reports on a thread and its group.
struct WorkerTold {
  Json group;   // in the interval with its events
  Json worker;  // there
  std::int64_t away_ns = 0;
  std::int64_t longest_ns = 0;
  bool ended = false;

  WorkerTold(const std::vector<Json>& intervals, pid_t tid) {
    for (const Json& interval : intervals)
      for (const Json& its_group : interval.at("groups"))
        for (const Json& its : its_group.at("workers"))
          if (its.at("tid") == tid) add(its_group, its);
    if (worker.is_null()) throw std::runtime_error("not reported");
  }

 private:
  void add(const Json& its_group, const Json& its) {
    if (worker.is_null() || group.at("events") == 0) {
      group = its_group;
      worker = its;
    }
    away_ns += its.at("away_ns").get<std::int64_t>();
    longest_ns = std::max(longest_ns, its.at("longest_away_ns").get<std::int64_t>());
    ended = ended || its.at("ended");
  }
};

// The number of values in an instance's histogram in these intervals, and the number of values that
// may lie between two limits.
struct HistogramTold {
  int values = 0;
  int values_within = 0;

  HistogramTold(const std::vector<Json>& intervals, int epfd, const char* name,
                std::int64_t at_least = 0,
                std::int64_t at_most = std::numeric_limits<std::int64_t>::max()) {
    for (const Json& interval : intervals)
      for (const Json& its : interval.at("histograms"))
        if (its.at("pid") == getpid() && its.at("fd") == epfd)
          for (const Json& bucket : its.at(name)) {
            const int count = bucket.at("count");
            values += count;
            if (bucket.at("from_ns") <= at_most && bucket.at("to_ns") > at_least)
              values_within += count;
          }
  }
};

// A thread that waits before xpoll-top starts.
struct EarlyWorker {
  explicit EarlyWorker(Backend backend) : ep(backend.instance()), waiter(backend, ep.get()) {
    checked(backend.add(ep.get(), pipe.reader.get(), EPOLLIN | EPOLLET), "watching");
    waiter.wait_until_asleep();
  }

  const Pipe pipe = make_pipe();
  const unique_fd ep;
  Waiter waiter;
};

class TopWorkerTest : public EachBackend {
 protected:
  static void SetUpTestSuite() {
    for (const Backend backend : {Backend::xpoll(), Backend::native()})
      early_workers[backend.name()] = std::make_unique<EarlyWorker>(backend);
    shared = std::make_unique<SharedTop>(std::vector<std::string>{"--workers", "--histograms"});
  }
  // Null if the set-up failed.
  static void TearDownTestSuite() {
    if (shared) end_shared();
    early_workers.clear();
  }

  static void end_shared() {
    const TopResult result = shared->interrupt();
    EXPECT_EQ(result.status, 0) << result.err;
    for (const char* what : {"workers", "histograms"})
      EXPECT_EQ(result.total()["lost"][what], 0) << what;
    shared.reset();
  }

  // One of two workers hangs with its first event, and the other one gets all later events.
  void expect_hang_to_be_told(Workers::Share share, const std::string& common) {
    constexpr int kEvents = 20;
    const Pipe pipe = make_pipe();
    Workers workers(backend_, share, 2, pipe.reader);
    workers.wait_until_asleep();
    shared->begin();
    write_all(pipe.writer, "x");
    workers.wait_for_events(1);
    const pid_t hanging = workers.hanging();
    const Clock::time_point hung = Clock::now();
    for (int i = 1; i <= kEvents; ++i) {
      workers.wait_until_asleep();
      write_all(pipe.writer, "x");
      workers.wait_for_events(1 + i);
    }
    workers.wait_until_asleep();
    const auto away_ns = std::chrono::nanoseconds(Clock::now() - hung).count();
    const std::vector<Json> intervals = shared->end();

    const WorkerTold slow(intervals, hanging);
    EXPECT_EQ(slow.group["common"], common);
    EXPECT_EQ(slow.group["kind"], backend_.name());
    ASSERT_EQ(slow.group["workers"].size(), 2U);
    EXPECT_EQ(slow.group["events"], kEvents + 1);
    EXPECT_EQ(slow.group["max_min"], kEvents);
    EXPECT_EQ(slow.worker["events"], 1);
    EXPECT_EQ(slow.worker["share"], 1.0 / (kEvents + 1));
    EXPECT_GE(slow.away_ns, away_ns);
    EXPECT_GE(slow.longest_ns, away_ns);

    const Json& busiest = slow.group["workers"][0];
    const WorkerTold fast(intervals, busiest["tid"]);
    EXPECT_EQ(fast.worker["events"], kEvents);
    EXPECT_EQ(fast.worker["deliveries"], kEvents);
    EXPECT_GT(fast.away_ns, 0);
    EXPECT_LT(fast.away_ns, slow.away_ns);

    expect_return_to_be_told(workers, hanging, away_ns);
    expect_short_absence_to_be_told(workers, pipe, kEvents + 2);
  }

 private:
  // An absence counts once, when it ends, from its beginning.
  static void expect_return_to_be_told(Workers& workers, pid_t tid, std::int64_t away_ns) {
    shared->begin();
    workers.release();
    workers.wait_until_asleep();
    EXPECT_GE(WorkerTold(shared->end(), tid).longest_ns, away_ns);
    shared->begin();
    const WorkerTold afterwards(shared->end(), tid);
    EXPECT_EQ(afterwards.longest_ns, 0);
    EXPECT_EQ(afterwards.away_ns, 0);
  }

  // After a long absence was reported, a shorter one of the same thread is reported too. The worker
  // that returned last is woken first.
  static void expect_short_absence_to_be_told(const Workers& workers, const Pipe& pipe,
                                              int events) {
    shared->begin();
    const Clock::time_point before = Clock::now();
    write_all(pipe.writer, "x");
    workers.wait_for_events(events);
    workers.wait_until_asleep();
    const auto most = std::chrono::nanoseconds(Clock::now() - before).count();
    const std::vector<Json> intervals = shared->end();
    for (const pid_t tid : workers.tids()) EXPECT_LE(WorkerTold(intervals, tid).longest_ns, most);
  }

 protected:
  static inline std::unique_ptr<SharedTop> shared;
  static inline std::map<std::string, std::unique_ptr<EarlyWorker>> early_workers;
};
XPOLL_FOR_EACH_BACKEND(TopWorkerTest);

TEST_P(TopWorkerTest, OneThatHangsOnASharedInstanceIsAwayAndGetsLess) {
  expect_hang_to_be_told(Workers::Share::instance, "instance");
}

TEST_P(TopWorkerTest, OneThatHangsOnAnInstanceOfItsOwnIsAwayAndGetsLess) {
  expect_hang_to_be_told(Workers::Share::file, "file");
}

// The last waiter is woken first.
TEST_P(TopWorkerTest, OneThatWaitsSinceBeforeIsToldOfWithoutEventsAndOneThatEndsOnceMore) {
  EarlyWorker& early = *early_workers.at(backend_.name());
  Waiter late(backend_, early.ep.get());
  late.wait_until_asleep();
  shared->begin();
  write_all(early.pipe.writer, "x");
  ASSERT_THAT(late.join(), SyscallSucceedsWithValue(1));
  const std::vector<Json> intervals = shared->end();

  const WorkerTold with_none(intervals, early.waiter.tid());
  EXPECT_EQ(with_none.group["workers"].size(), 2U);
  EXPECT_EQ(with_none.group["max_events"], 1);
  EXPECT_EQ(with_none.group["min_events"], 0);
  EXPECT_TRUE(with_none.group["max_min"].is_null());
  EXPECT_EQ(with_none.worker["share"], 0.0);
  EXPECT_EQ(with_none.away_ns, 0);
  EXPECT_FALSE(with_none.ended);
  EXPECT_TRUE(WorkerTold(intervals, late.tid()).ended);

  shared->begin();
  EXPECT_EQ(WorkerTold(shared->end(), early.waiter.tid()).group["workers"].size(), 1U);
}

// A wait, the handling, and the next wait. The test knows the time of each from both sides.
TEST_P(TopWorkerTest, HistogramsHaveTheTimeUntilAnEventIsTakenAndUntilTheNextWait) {
  const auto ns_since = [](Clock::time_point begin) {
    return std::chrono::nanoseconds(Clock::now() - begin).count();
  };
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  shared->begin();
  const Clock::time_point before_event = Clock::now();
  post(watched);
  const Clock::time_point event = Clock::now();
  // No task waits for the event meanwhile, and the histogram must include this time.
  const std::vector<Json> between = shared->end();
  const std::int64_t least_latency = ns_since(event);
  ASSERT_THAT(backend_.ready(ep.get()), testing::SizeIs(1));
  const std::int64_t most_latency = ns_since(before_event);
  const Clock::time_point delivered = Clock::now();
  const std::vector<Json> at_work = shared->end();
  const std::int64_t least_service = ns_since(delivered);
  ASSERT_THAT(backend_.ready(ep.get()), testing::IsEmpty());
  ASSERT_THAT(backend_.ready(ep.get()), testing::IsEmpty());
  const std::int64_t most_service = ns_since(before_event);
  const std::vector<Json> afterwards = shared->end();

  EXPECT_EQ(HistogramTold(between, ep.get(), "wake_latency").values, 0);
  const HistogramTold latency(at_work, ep.get(), "wake_latency", least_latency, most_latency);
  EXPECT_EQ(latency.values, 1);
  EXPECT_EQ(latency.values_within, 1);
  EXPECT_EQ(HistogramTold(at_work, ep.get(), "service_time").values, 0);
  const HistogramTold service(afterwards, ep.get(), "service_time", least_service, most_service);
  EXPECT_EQ(service.values, 1) << "of a wait without events there is none";
  EXPECT_EQ(service.values_within, 1);
  EXPECT_EQ(HistogramTold(afterwards, ep.get(), "wake_latency").values, 0);
}

TEST_P(TopWorkerTest, TheLatencyOfAnEventIsNotCountedFromOneThatAWaitMissedBefore) {
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  shared->begin();
  post(watched);
  take(watched);
  ASSERT_THAT(backend_.ready(ep.get()), testing::IsEmpty());
  EXPECT_EQ(HistogramTold(shared->end(), ep.get(), "wake_latency").values, 0);
  const Clock::time_point before = Clock::now();
  post(watched);
  ASSERT_THAT(backend_.ready(ep.get()), testing::SizeIs(1));
  const auto most = std::chrono::nanoseconds(Clock::now() - before).count();
  const HistogramTold latency(shared->end(), ep.get(), "wake_latency", 1, most);
  EXPECT_EQ(latency.values, 1);
  EXPECT_EQ(latency.values_within, 1);
}

// A wake-up without events was earlier, and the wait continued.
TEST_P(TopWorkerTest, TheLatencyOfASleeperIsCountedFromWhatWokeItLast) {
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  shared->begin();
  const OneProcessor processor;
  Waiter waiter(backend_, ep.get());
  waiter.wait_until_asleep();
  processor.undisturbed([&] {
    post(watched);
    take(watched);
  });
  waiter.wait_until_asleep();
  EXPECT_EQ(HistogramTold(shared->end(), ep.get(), "wake_latency").values, 0);
  const Clock::time_point before = Clock::now();
  post(watched);
  ASSERT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  const auto most = std::chrono::nanoseconds(Clock::now() - before).count();
  const HistogramTold latency(shared->end(), ep.get(), "wake_latency", 1, most);
  EXPECT_EQ(latency.values, 1);
  EXPECT_EQ(latency.values_within, 1);
}

}  // namespace
}  // namespace xpoll::test
