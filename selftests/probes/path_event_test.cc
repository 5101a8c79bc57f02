// SPDX-License-Identifier: GPL-2.0-only
// Single events made by the test: which stages xpoll-path tells of each kind, and what is filtered.
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probes/arrival.h"
#include "probes/one_processor.h"
#include "probes/path_run.h"
#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/sockets.h"
#include "util/waiter.h"

namespace xpoll_test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::SizeIs;

std::uint16_t portOf(const Fd& socket) {
  sockaddr_in address{};
  socklen_t length = sizeof(address);
  checked(getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
  return ntohs(address.sin_port);
}

class PathEventTest : public EachBackend {
 protected:
  static std::vector<std::string> ofThisProcess() { return {"--pid", std::to_string(getpid())}; }

  void watch(const Fd& fd) {
    ASSERT_THAT(backend_.add(ep_.get(), fd.get(), EPOLLIN), SyscallSucceeds());
  }
  std::vector<epoll_event> ready() const { return backend_.ready(ep_.get()); }

  const OneProcessor here_;
  const Fd ep_ = GetParam().instance();
  TcpPair tcp_ = tcpPair();
};
XPOLL_FOR_EACH_BACKEND(PathEventTest);

TEST_P(PathEventTest, ASleeperIsWoken) {
  watch(tcp_.server);
  PathRun path(ofThisProcess());
  Waiter waiter(backend_, ep_.get());
  waiter.waitUntilAsleep();
  sendUntilThere(tcp_);
  ASSERT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  const PathResult result = path.interrupt();

  ASSERT_THAT(result.events, SizeIs(1));
  const json& event = result.events.front();
  EXPECT_EQ(event.at("implementation"), backend_.name());
  EXPECT_THAT(stagesOf(event), ElementsAre("received", "tcp", "established", "readable", "callback",
                                           "waking", "running", "polled", "returned"));
  EXPECT_EQ(event.at("fd"), tcp_.server.get());
  EXPECT_EQ(event.at("local_port"), portOf(tcp_.server));
  EXPECT_EQ(event.at("remote_port"), portOf(tcp_.client));
  EXPECT_EQ(event.at("task").at("pid"), getpid());
  EXPECT_EQ(event.at("task").at("tid"), waiter.tid());
  EXPECT_EQ(event.at("packets"), 1);
  EXPECT_EQ(event.at("batch"), 1);
  EXPECT_EQ(event.at("came_to_sleeper"), true);
  EXPECT_EQ(result.of(backend_.name()).at("woken"), 1);
  // It is the waiter that runs, asks and returns.
  for (std::size_t stage = 6; stage < 9; ++stage)
    EXPECT_EQ(event.at("stages").at(stage).at("tid"), waiter.tid());
}

TEST_P(PathEventTest, AWaitThatFindsItsEventHasNothingToBeWokenFrom) {
  watch(tcp_.server);
  PathRun path(ofThisProcess());
  sendUntilThere(tcp_);
  ASSERT_THAT(ready(), SizeIs(1));
  const PathResult result = path.interrupt();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_THAT(
      stagesOf(result.events.front()),
      ElementsAre("received", "tcp", "established", "readable", "callback", "polled", "returned"));
  EXPECT_EQ(result.events.front().at("came_to_sleeper"), false);
  EXPECT_EQ(result.of(backend_.name()).at("not_asleep"), 1);
}

TEST_P(PathEventTest, DataThatWasThereBeforeItsWatchNeedsNoCallback) {
  PathRun path(ofThisProcess());
  sendUntilThere(tcp_);
  watch(tcp_.server);
  ASSERT_THAT(ready(), SizeIs(1));
  const PathResult result = path.interrupt();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_THAT(stagesOf(result.events.front()),
              ElementsAre("received", "tcp", "established", "readable", "polled", "returned"));
  EXPECT_FALSE(result.events.front().contains("fd"));
  EXPECT_EQ(result.of(backend_.name()).at("no_callback"), 1);
}

TEST_P(PathEventTest, PacketsThatOneEventTellsOfAreCounted) {
  watch(tcp_.server);
  PathRun path(ofThisProcess());
  for (int i = 0; i < 3; ++i) sendUntilThere(tcp_);
  ASSERT_THAT(ready(), SizeIs(1));
  const PathResult result = path.interrupt();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_EQ(result.events.front().at("packets"), 3);
  EXPECT_EQ(result.of(backend_.name()).at("packets"), 3);
}

TEST_P(PathEventTest, EventsOfOneWaitAreABatch) {
  TcpPair other = tcpPair();
  watch(tcp_.server);
  watch(other.server);
  PathRun path(ofThisProcess());
  sendUntilThere(tcp_);
  sendUntilThere(other);
  ASSERT_THAT(ready(), SizeIs(2));
  const PathResult result = path.interrupt();

  ASSERT_THAT(result.events, SizeIs(2));
  for (const json& event : result.events) EXPECT_EQ(event.at("batch"), 2);
  EXPECT_NE(result.events.at(0).at("fd"), result.events.at(1).at("fd"));
}

TEST_P(PathEventTest, WhatIsNotFollowedIsNotShown) {
  const Pipe pipe = makePipe();
  TcpPair followed = tcpPair();
  watch(pipe.reader);
  watch(tcp_.server);
  watch(followed.server);
  PathRun path(ofThisProcess());
  writeAll(pipe.writer, "x");
  tcp_.client.reset();  // the end of the connection
  sendUntilThere(followed);
  ASSERT_THAT(ready(), SizeIs(3));
  const PathResult result = path.interrupt();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_EQ(result.events.front().at("fd"), followed.server.get());
}

TEST_P(PathEventTest, AnEventFromBeforeIsNotShown) {
  watch(tcp_.server);
  Waiter waiter(backend_, ep_.get());
  waiter.waitUntilAsleep();
  PathRun path(ofThisProcess());
  sendUntilThere(tcp_);
  ASSERT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  // What the unseen wait returned is not taken for what this one does.
  drain(tcp_.server);
  sendUntilThere(tcp_);
  ASSERT_THAT(ready(), SizeIs(1));
  const PathResult result = path.interrupt();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_EQ(result.events.front().at("packets"), 1);
}

TEST_P(PathEventTest, OnlyTheFdThatIsAskedFor) {
  TcpPair other = tcpPair();
  watch(tcp_.server);
  watch(other.server);
  PathRun path({"--fd", std::to_string(other.server.get()), "--pid", std::to_string(getpid())});
  sendUntilThere(tcp_);
  sendUntilThere(other);
  ASSERT_THAT(ready(), SizeIs(2));
  const PathResult result = path.interrupt();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_EQ(result.events.front().at("fd"), other.server.get());
}

TEST_P(PathEventTest, OnlyThePortThatIsAskedFor) {
  TcpPair other = tcpPair();
  watch(tcp_.server);
  watch(other.server);
  PathRun path({"--port", std::to_string(portOf(other.client))});
  sendUntilThere(tcp_);
  sendUntilThere(other);
  ASSERT_THAT(ready(), SizeIs(2));
  const PathResult result = path.interrupt();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_EQ(result.events.front().at("remote_port"), portOf(other.client));
}

TEST_P(PathEventTest, OnlyTheProcessThatIsAskedFor) {
  watch(tcp_.server);
  const Pipe begin = makePipe();
  Process asked([&] {
    const Fd ep = backend_.instance();
    checked(backend_.add(ep.get(), tcp_.server.get(), EPOLLIN), "watching");
    pollfd go{begin.reader.get(), POLLIN, 0};
    checked(::poll(&go, 1, -1), "waiting for a go");
    return static_cast<int>(backend_.ready(ep.get()).size());
  });
  const pid_t pid = asked.pid();
  PathRun path({"--pid", std::to_string(pid)});
  sendUntilThere(tcp_);
  ASSERT_THAT(ready(), SizeIs(1));
  writeAll(begin.writer, "x");
  ASSERT_EQ(asked.join(), 1);
  const PathResult result = path.interrupt();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_EQ(result.events.front().at("task").at("pid"), pid);
}

TEST_P(PathEventTest, OnlyTheImplementationThatIsAskedFor) {
  const Backend other = backend_.isXpoll() ? Backend::native() : Backend::xpoll();
  const Fd other_ep = other.instance();
  watch(tcp_.server);
  ASSERT_THAT(other.add(other_ep.get(), tcp_.server.get(), EPOLLIN), SyscallSucceeds());
  PathRun path({std::string("--") + other.name(), "--pid", std::to_string(getpid())});
  sendUntilThere(tcp_);
  ASSERT_THAT(ready(), SizeIs(1));
  ASSERT_THAT(other.ready(other_ep.get()), SizeIs(1));
  const PathResult result = path.interrupt();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_EQ(result.events.front().at("implementation"), other.name());
  EXPECT_THAT(result.summary().at("implementations"), SizeIs(1));
  EXPECT_TRUE(result.summary().at("implementations").contains(other.name()));
}

}  // namespace
}  // namespace xpoll_test
