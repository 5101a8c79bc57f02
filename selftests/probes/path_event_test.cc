// SPDX-License-Identifier: GPL-2.0-only
// Single events: which stages xpoll-path reports for each kind. All tests share one run.
#include <gmock/gmock.h>
#include <unistd.h>

#include <initializer_list>
#include <map>
#include <memory>
#include <string>

#include "probes/arrival.h"
#include "probes/path_run.h"
#include "probes/port.h"
#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/one_processor.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::SizeIs;

// A wait that begins before xpoll-path starts.
struct EarlyWait {
  explicit EarlyWait(Backend backend)
      : ep(instance_watching(backend, tcp)), waiter(backend, ep.get()) {
    waiter.wait_until_asleep();
  }

  static unique_fd instance_watching(Backend backend, const TcpPair& tcp) {
    unique_fd ep = backend.instance();
    checked(backend.add(ep.get(), tcp.server.get(), EPOLLIN), "watching");
    return ep;
  }

  const TcpPair tcp = tcp_pair();
  const unique_fd ep;
  Waiter waiter;
};

class PathEventTest : public EachBackend {
 protected:
  static void SetUpTestSuite() {
    for (const Backend backend : {Backend::xpoll(), Backend::native()})
      early_waits[backend.name()] = std::make_unique<EarlyWait>(backend);
    shared = std::make_unique<SharedPath>();
  }
  // Null if the set-up failed.
  static void TearDownTestSuite() {
    if (shared) end_shared();
    early_waits.clear();
  }

  static void end_shared() {
    const ProgramResult result = shared->interrupt();
    EXPECT_EQ(result.status, 0) << result.err;
    shared.reset();
  }

  void watch(const unique_fd& fd) {
    ASSERT_THAT(backend_.add(ep_.get(), fd.get(), EPOLLIN), SyscallSucceeds());
  }
  std::vector<epoll_event> ready() const { return backend_.ready(ep_.get()); }

  const OneProcessor here_;
  const unique_fd ep_ = GetParam().instance();
  TcpPair tcp_ = tcp_pair();
  static inline std::unique_ptr<SharedPath> shared;
  static inline std::map<std::string, std::unique_ptr<EarlyWait>> early_waits;
};
XPOLL_FOR_EACH_BACKEND(PathEventTest);

TEST_P(PathEventTest, ASleeperIsWoken) {
  watch(tcp_.server);
  shared->begin();
  Waiter waiter(backend_, ep_.get());
  waiter.wait_until_asleep();
  send_until_there(tcp_);
  ASSERT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  const PathResult result = shared->end();

  ASSERT_THAT(result.events, SizeIs(1));
  const json& event = result.events.front();
  EXPECT_EQ(event.at("implementation"), backend_.name());
  EXPECT_THAT(stages_of(event), ElementsAre("received", "tcp", "established", "readable",
                                            "callback", "waking", "running", "polled", "returned"));
  EXPECT_EQ(event.at("fd"), tcp_.server.get());
  EXPECT_EQ(event.at("local_port"), port_of(tcp_.server));
  EXPECT_EQ(event.at("remote_port"), port_of(tcp_.client));
  EXPECT_EQ(event.at("task").at("pid"), getpid());
  EXPECT_EQ(event.at("task").at("tid"), waiter.tid());
  EXPECT_EQ(event.at("packets"), 1);
  EXPECT_EQ(event.at("batch"), 1);
  EXPECT_EQ(event.at("came_to_sleeper"), true);
  EXPECT_EQ(result.of(backend_.name()).at("woken"), 1);
  // The waiter runs, polls and returns.
  for (std::size_t stage = 6; stage < 9; ++stage)
    EXPECT_EQ(event.at("stages").at(stage).at("tid"), waiter.tid());
}

TEST_P(PathEventTest, AWaitThatFindsItsEventHasNothingToBeWokenFrom) {
  watch(tcp_.server);
  shared->begin();
  send_until_there(tcp_);
  ASSERT_THAT(ready(), SizeIs(1));
  const PathResult result = shared->end();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_THAT(
      stages_of(result.events.front()),
      ElementsAre("received", "tcp", "established", "readable", "callback", "polled", "returned"));
  EXPECT_EQ(result.events.front().at("came_to_sleeper"), false);
  EXPECT_EQ(result.of(backend_.name()).at("not_asleep"), 1);
}

TEST_P(PathEventTest, DataThatWasThereBeforeItsWatchNeedsNoCallback) {
  shared->begin();
  send_until_there(tcp_);
  watch(tcp_.server);
  ASSERT_THAT(ready(), SizeIs(1));
  const PathResult result = shared->end();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_THAT(stages_of(result.events.front()),
              ElementsAre("received", "tcp", "established", "readable", "polled", "returned"));
  EXPECT_FALSE(result.events.front().contains("fd"));
  EXPECT_EQ(result.of(backend_.name()).at("no_callback"), 1);
}

TEST_P(PathEventTest, PacketsThatOneEventTellsOfAreCounted) {
  watch(tcp_.server);
  shared->begin();
  for (int i = 0; i < 3; ++i) send_until_there(tcp_);
  ASSERT_THAT(ready(), SizeIs(1));
  const PathResult result = shared->end();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_EQ(result.events.front().at("packets"), 3);
  EXPECT_EQ(result.of(backend_.name()).at("packets"), 3);
}

TEST_P(PathEventTest, EventsOfOneWaitAreABatch) {
  TcpPair other = tcp_pair();
  watch(tcp_.server);
  watch(other.server);
  shared->begin();
  send_until_there(tcp_);
  send_until_there(other);
  ASSERT_THAT(ready(), SizeIs(2));
  const PathResult result = shared->end();

  ASSERT_THAT(result.events, SizeIs(2));
  for (const json& event : result.events) EXPECT_EQ(event.at("batch"), 2);
  EXPECT_NE(result.events.at(0).at("fd"), result.events.at(1).at("fd"));
}

TEST_P(PathEventTest, EachThreadHasFiguresOfItsOwn) {
  const TcpPair other = tcp_pair();
  const unique_fd other_ep = EarlyWait::instance_watching(backend_, other);
  watch(tcp_.server);
  shared->begin();
  Waiter one(backend_, ep_.get());
  one.wait_until_asleep();
  Waiter another(backend_, other_ep.get());
  another.wait_until_asleep();
  for (const TcpPair* tcp : std::initializer_list<const TcpPair*>{&tcp_, &other})
    send_until_there(*tcp);
  for (Waiter* waiter : {&one, &another}) ASSERT_THAT(waiter->join(), SyscallSucceedsWithValue(1));
  const PathResult result = shared->end();

  std::map<pid_t, json> workers;
  for (const json& worker : result.of(backend_.name()).at("workers"))
    workers.emplace(worker.at("tid"), worker);
  EXPECT_THAT(workers, SizeIs(2));
  for (const pid_t tid : {one.tid(), another.tid()}) {
    const json& worker = workers.at(tid);
    EXPECT_EQ(worker.at("pid"), getpid());
    EXPECT_EQ(worker.at("events"), 1);
    EXPECT_EQ(worker.at("woken"), 1);
    EXPECT_EQ(worker.at("total").at("count"), 1);
    EXPECT_THAT(worker.at("steps"), SizeIs(8));
  }
}

TEST_P(PathEventTest, WhatIsNotFollowedIsNotShown) {
  const Pipe pipe = make_pipe();
  TcpPair followed = tcp_pair();
  watch(pipe.reader);
  watch(tcp_.server);
  watch(followed.server);
  shared->begin();
  write_all(pipe.writer, "x");
  tcp_.client.reset();  // the end of the connection
  send_until_there(followed);
  ASSERT_THAT(ready(), SizeIs(3));
  const PathResult result = shared->end();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_EQ(result.events.front().at("fd"), followed.server.get());
}

TEST_P(PathEventTest, AnEventFromBeforeIsNotShown) {
  EarlyWait& early = *early_waits.at(backend_.name());
  shared->begin();
  send_until_there(early.tcp);
  ASSERT_THAT(early.waiter.join(), SyscallSucceedsWithValue(1));
  // The events of the unseen wait must not be attributed to this one.
  drain(early.tcp.server);
  send_until_there(early.tcp);
  ASSERT_THAT(backend_.ready(early.ep.get()), SizeIs(1));
  const PathResult result = shared->end();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_EQ(result.events.front().at("packets"), 1);
}

}  // namespace
}  // namespace xpoll::test
