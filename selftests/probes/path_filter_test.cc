// SPDX-License-Identifier: GPL-2.0-only
// Which events xpoll-path's filters select. Each run covers both implementations.
#include <gmock/gmock.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

#include "probes/arrival.h"
#include "probes/path_run.h"
#include "probes/port.h"
#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/one_processor.h"
#include "util/process.h"

namespace xpoll::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::SizeIs;

const std::array kBackends{Backend::native(), Backend::xpoll()};

// The implementation of each reported event.
std::vector<std::string> implementations_of(const PathResult& result) {
  std::vector<std::string> names;
  for (const json& event : result.events) names.push_back(event.at("implementation"));
  return names;
}

unique_fd watching(Backend backend, const unique_fd& fd) {
  unique_fd ep = backend.instance();
  checked(backend.add(ep.get(), fd.get(), EPOLLIN), "watching");
  return ep;
}

class PathFilterTest : public testing::Test {
 protected:
  void SetUp() override { require_xpoll(); }

  // Delivers an event of each of two sockets, on native epoll first and then on xpoll.
  void deliver_both() {
    for (const Backend backend : kBackends) {
      const unique_fd ep = watching(backend, tcp_.server);
      ASSERT_THAT(backend.add(ep.get(), other_.server.get(), EPOLLIN), SyscallSucceeds());
      for (const TcpPair* pair : {&tcp_, &other_}) send_until_there(*pair);
      ASSERT_THAT(backend.ready(ep.get()), SizeIs(2));
      for (const TcpPair* pair : {&tcp_, &other_}) drain(pair->server);
    }
  }

  const OneProcessor here_;
  const TcpPair tcp_ = tcp_pair();
  const TcpPair other_ = tcp_pair();
};

TEST_F(PathFilterTest, OnlyTheFdThatIsAskedFor) {
  PathRun path({"--fd", std::to_string(other_.server.get()), "--pid", std::to_string(getpid())});
  ASSERT_NO_FATAL_FAILURE(deliver_both());
  const PathResult result = path.interrupt();

  EXPECT_THAT(implementations_of(result), ElementsAre("native", "xpoll"));
  for (const json& event : result.events) EXPECT_EQ(event.at("fd"), other_.server.get());
}

TEST_F(PathFilterTest, OnlyThePortThatIsAskedFor) {
  PathRun path({"--port", std::to_string(port_of(other_.client))});
  ASSERT_NO_FATAL_FAILURE(deliver_both());
  const PathResult result = path.interrupt();

  EXPECT_THAT(implementations_of(result), ElementsAre("native", "xpoll"));
  for (const json& event : result.events)
    EXPECT_EQ(event.at("remote_port"), port_of(other_.client));
}

// One process sends the other a byte for each step.
class Steps {
 public:
  void step() { write_all(pipe_.writer, "x"); }
  void wait() {
    pollfd next{pipe_.reader.get(), POLLIN, 0};
    checked(::poll(&next, 1, -1), "waiting for the other process");
    drain(pipe_.reader);
  }

 private:
  Pipe pipe_ = make_pipe();
};

TEST_F(PathFilterTest, OnlyTheProcessThatIsAskedFor) {
  Steps here;
  Steps there;
  Process asked([&] {
    int delivered = 0;
    for (const Backend backend : kBackends) {
      const unique_fd ep = watching(backend, tcp_.server);
      there.step();
      here.wait();
      delivered += static_cast<int>(backend.ready(ep.get()).size());
      there.step();
      here.wait();
    }
    return delivered;
  });
  const pid_t pid = asked.pid();
  PathRun path({"--pid", std::to_string(pid)});
  for (const Backend backend : kBackends) {
    const unique_fd ep = watching(backend, tcp_.server);
    there.wait();
    send_until_there(tcp_);
    ASSERT_THAT(backend.ready(ep.get()), SizeIs(1));
    here.step();
    there.wait();
    drain(tcp_.server);
    here.step();
  }
  ASSERT_EQ(asked.join(), 2);
  const PathResult result = path.interrupt();

  EXPECT_THAT(implementations_of(result), ElementsAre("native", "xpoll"));
  for (const json& event : result.events) EXPECT_EQ(event.at("task").at("pid"), pid);
}

TEST_F(PathFilterTest, OnlyTheImplementationThatIsAskedFor) {
  for (const Backend asked : kBackends) {
    PathRun path({std::string("--") + asked.name(), "--pid", std::to_string(getpid())});
    ASSERT_NO_FATAL_FAILURE(deliver_both());
    const PathResult result = path.interrupt();

    EXPECT_THAT(implementations_of(result), ElementsAre(asked.name(), asked.name()));
    EXPECT_THAT(result.summary().at("implementations"), SizeIs(1));
    EXPECT_TRUE(result.summary().at("implementations").contains(asked.name()));
  }
}

}  // namespace
}  // namespace xpoll::test
