// SPDX-License-Identifier: GPL-2.0-only
// xpoll-path counts what does not fit into its buffers.
#include <gmock/gmock.h>
#include <unistd.h>

#include "probes/arrival.h"
#include "probes/path_run.h"
#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/one_processor.h"

namespace xpoll::test {
namespace {

using testing::Gt;
using testing::SizeIs;

// A socket that an instance of one kind watches.
struct Delivery {
  explicit Delivery(Backend kind) : backend(kind), ep(kind.instance()) {
    checked(backend.add(ep.get(), tcp.server.get(), EPOLLIN), "watching");
  }

  void deliver() const {
    send_until_there(tcp);
    ASSERT_THAT(backend.ready(ep.get()), SizeIs(1));
    drain(tcp.server);
  }

  const Backend backend;
  const unique_fd ep;
  const TcpPair tcp = tcp_pair();
};

class PathLostTest : public testing::Test {
 protected:
  void SetUp() override { require_xpoll(); }

 private:
  const OneProcessor here_;
};

// Alternates, so that records of both kinds arrive before and after the buffer is full.
TEST_F(PathLostTest, RecordsThatAFullBufferRefusedAreCountedOfBothKinds) {
  constexpr std::size_t kEvents = 100;  // far more than the smallest buffer holds
  const Delivery native(Backend::native());
  const Delivery xpoll(Backend::xpoll());
  PathRun path({"--buffer", "4", "--pid", std::to_string(getpid())});
  path.program().stop();
  for (std::size_t i = 0; i < kEvents / 2; ++i)
    for (const Delivery* each : {&native, &xpoll}) ASSERT_NO_FATAL_FAILURE(each->deliver());
  path.program().resume();
  const PathResult result = path.interrupt();

  const std::size_t lost = result.summary().at("lost").at("records");
  EXPECT_THAT(lost, Gt(0U));
  // Each event loses one record, the first or the second.
  EXPECT_EQ(result.events.size() + lost, kEvents);
  for (const Delivery* each : {&native, &xpoll}) {
    const int shown = result.of(each->backend.name()).at("events");
    EXPECT_GT(shown, 0) << each->backend;
    EXPECT_LT(shown, kEvents / 2) << each->backend;
  }
}

}  // namespace
}  // namespace xpoll::test
