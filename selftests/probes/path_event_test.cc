// SPDX-License-Identifier: GPL-2.0-only
// Single events made by the test: which stages xpoll-path tells of each kind, and what is filtered.
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

#include "probes/arrival.h"
#include "probes/one_processor.h"
#include "probes/path_run.h"
#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::SizeIs;

std::uint16_t port_of(const unique_fd& socket) {
  sockaddr_in address{};
  socklen_t length = sizeof(address);
  checked(getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
  return ntohs(address.sin_port);
}

class PathEventTest : public EachBackend {
 protected:
  static void SetUpTestSuite() { shared = std::make_unique<SharedPath>(); }
  static void TearDownTestSuite() {
    const ProgramResult result = shared->interrupt();
    EXPECT_EQ(result.status, 0) << result.err;
    shared.reset();
  }

  static std::vector<std::string> of_this_process() { return {"--pid", std::to_string(getpid())}; }

  void watch(const unique_fd& fd) {
    ASSERT_THAT(backend_.add(ep_.get(), fd.get(), EPOLLIN), SyscallSucceeds());
  }
  std::vector<epoll_event> ready() const { return backend_.ready(ep_.get()); }

  const OneProcessor here_;
  const unique_fd ep_ = GetParam().instance();
  TcpPair tcp_ = tcp_pair();
  static inline std::unique_ptr<SharedPath> shared;
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
  // It is the waiter that runs, asks and returns.
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
  watch(tcp_.server);
  Waiter waiter(backend_, ep_.get());
  waiter.wait_until_asleep();
  PathRun path(of_this_process());
  send_until_there(tcp_);
  ASSERT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  // What the unseen wait returned is not taken for what this one does.
  drain(tcp_.server);
  send_until_there(tcp_);
  ASSERT_THAT(ready(), SizeIs(1));
  const PathResult result = path.interrupt();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_EQ(result.events.front().at("packets"), 1);
}

TEST_P(PathEventTest, OnlyTheFdThatIsAskedFor) {
  TcpPair other = tcp_pair();
  watch(tcp_.server);
  watch(other.server);
  PathRun path({"--fd", std::to_string(other.server.get()), "--pid", std::to_string(getpid())});
  send_until_there(tcp_);
  send_until_there(other);
  ASSERT_THAT(ready(), SizeIs(2));
  const PathResult result = path.interrupt();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_EQ(result.events.front().at("fd"), other.server.get());
}

TEST_P(PathEventTest, OnlyThePortThatIsAskedFor) {
  TcpPair other = tcp_pair();
  watch(tcp_.server);
  watch(other.server);
  PathRun path({"--port", std::to_string(port_of(other.client))});
  send_until_there(tcp_);
  send_until_there(other);
  ASSERT_THAT(ready(), SizeIs(2));
  const PathResult result = path.interrupt();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_EQ(result.events.front().at("remote_port"), port_of(other.client));
}

TEST_P(PathEventTest, OnlyTheProcessThatIsAskedFor) {
  watch(tcp_.server);
  const Pipe begin = make_pipe();
  Process asked([&] {
    const unique_fd ep = backend_.instance();
    checked(backend_.add(ep.get(), tcp_.server.get(), EPOLLIN), "watching");
    pollfd go{begin.reader.get(), POLLIN, 0};
    checked(::poll(&go, 1, -1), "waiting for a go");
    return static_cast<int>(backend_.ready(ep.get()).size());
  });
  const pid_t pid = asked.pid();
  PathRun path({"--pid", std::to_string(pid)});
  send_until_there(tcp_);
  ASSERT_THAT(ready(), SizeIs(1));
  write_all(begin.writer, "x");
  ASSERT_EQ(asked.join(), 1);
  const PathResult result = path.interrupt();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_EQ(result.events.front().at("task").at("pid"), pid);
}

TEST_P(PathEventTest, OnlyTheImplementationThatIsAskedFor) {
  const Backend other = backend_.is_xpoll() ? Backend::native() : Backend::xpoll();
  const unique_fd other_ep = other.instance();
  watch(tcp_.server);
  ASSERT_THAT(other.add(other_ep.get(), tcp_.server.get(), EPOLLIN), SyscallSucceeds());
  PathRun path({std::string("--") + other.name(), "--pid", std::to_string(getpid())});
  send_until_there(tcp_);
  ASSERT_THAT(ready(), SizeIs(1));
  ASSERT_THAT(other.ready(other_ep.get()), SizeIs(1));
  const PathResult result = path.interrupt();

  ASSERT_THAT(result.events, SizeIs(1));
  EXPECT_EQ(result.events.front().at("implementation"), other.name());
  EXPECT_THAT(result.summary().at("implementations"), SizeIs(1));
  EXPECT_TRUE(result.summary().at("implementations").contains(other.name()));
}

}  // namespace
}  // namespace xpoll::test
