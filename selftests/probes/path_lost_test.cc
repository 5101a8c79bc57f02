// SPDX-License-Identifier: GPL-2.0-only
// What xpoll-path has no room for it counts.
#include <gmock/gmock.h>

#include "probes/arrival.h"
#include "probes/one_processor.h"
#include "probes/path_run.h"
#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "util/each_backend.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

using testing::Gt;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class PathLostTest : public EachBackend {
  const OneProcessor here_;
};
XPOLL_FOR_EACH_BACKEND(PathLostTest);

TEST_P(PathLostTest, RecordsThatAFullBufferRefusedAreCounted) {
  constexpr std::size_t kEvents = 100;  // of which the smallest buffer holds but a few
  const TcpPair tcp = tcp_pair();
  const unique_fd ep = backend_.instance();
  ASSERT_THAT(backend_.add(ep.get(), tcp.server.get(), EPOLLIN), SyscallSucceeds());
  PathRun path({"--buffer", "4", "--pid", std::to_string(getpid())});
  path.program().stop();
  for (std::size_t i = 0; i < kEvents; ++i) {
    send_until_there(tcp);
    ASSERT_THAT(backend_.ready(ep.get()), SizeIs(1));
    drain(tcp.server);
  }
  path.program().resume();
  const PathResult result = path.interrupt();

  EXPECT_THAT(result.events, Not(IsEmpty()));
  const std::size_t lost = result.summary().at("lost").at("records");
  EXPECT_THAT(lost, Gt(0U));
  // Of an event one record is lost, the first or the second.
  EXPECT_EQ(result.events.size() + lost, kEvents);
}

}  // namespace
}  // namespace xpoll::test
