// SPDX-License-Identifier: GPL-2.0-only
// Edge-triggered delivery, which shows what a single wake-up queues.
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/tcp_state.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

void wait_until_bytes(const unique_fd& socket, int count) {
  wait_until("bytes in the socket", [&] {
    int bytes = 0;
    checked(ioctl(socket.get(), FIONREAD, &bytes), "FIONREAD");
    return bytes >= count;
  });
}

class EdgeTest : public EachBackend {};
XPOLL_FOR_EACH_BACKEND(EdgeTest);

TEST_P(EdgeTest, ReportsOnceThoughNotDrained) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  write_all(pair.client, "x");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(EdgeTest, AddOfAReadyDescriptorReportsOnce) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLOUT | EPOLLET), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLOUT)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(EdgeTest, EachMatchingWakeReportsAgainWithoutADrain) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  for (int i = 0; i < 3; ++i) {
    write_all(pair.client, "x");
    EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  }
}

// A pipe wakes its reader at each write only for edge-triggered watches. Its own readers need no
// wake-up while it holds data.
TEST_P(EdgeTest, EachWriteToAPipeReportsAgainWithoutADrain) {
  const unique_fd ep = backend_.instance();
  const Pipe pipe = make_pipe();
  ASSERT_THAT(backend_.add(ep.get(), pipe.reader.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  for (int i = 0; i < 2; ++i) {
    write_all(pipe.writer, "x");
    EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pipe.reader.get(), EPOLLIN)));
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  }
}

TEST_P(EdgeTest, WakesBetweenTwoWaitsAreOneEvent) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  post(eventfd);
  post(eventfd);
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(EdgeTest, EventHasAllCurrentBitsAndNotOnlyTheWakes) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN | EPOLLOUT | EPOLLET),
              SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLOUT)));
  write_all(pair.client, "x");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN | EPOLLOUT)));
}

TEST_P(EdgeTest, DrainedBeforeTheWaitIsNotReported) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  post(eventfd);
  take(eventfd);
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(EdgeTest, WakeForOtherBitsDoesNotQueue) {
  // Otherwise the bit that has been ready all along would be reported a second time.
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLOUT | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLOUT)));
  write_all(pair.client, "x");
  wait_until_bytes(pair.server, 1);
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(EdgeTest, WakeForOtherBitsDoesNotQueueAnEventfd) {
  const unique_fd ep = backend_.instance();
  const unique_fd writable = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), writable.get(), EPOLLOUT | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(writable.get(), EPOLLOUT)));
  post(writable);
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  take(writable);
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(writable.get(), EPOLLOUT)));
}

TEST_P(EdgeTest, WakeWithoutAKeyQueues) {
  // The FIN's own wake-up has key 0. The following wake-up for readable data does not match RDHUP.
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLRDHUP | EPOLLET), SyscallSucceeds());
  Waiter waiter(backend_, ep.get());
  waiter.wait_until_asleep();
  checked(shutdown(pair.client.get(), SHUT_WR), "shutdown");
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events(), Events(Event(pair.server.get(), EPOLLRDHUP)));
}

TEST_P(EdgeTest, WakeWithoutAKeyQueuesBitsThatWereReadyBefore) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLOUT | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLOUT)));
  checked(shutdown(pair.client.get(), SHUT_WR), "shutdown");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLOUT)));
}

TEST_P(EdgeTest, ModReportsAgain) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  constexpr std::uint32_t kEvents = EPOLLIN | EPOLLET;
  write_all(pair.client, "x");
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), kEvents), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  ASSERT_THAT(backend_.ready(ep.get()), NoEvents());
  ASSERT_THAT(backend_.mod(ep.get(), pair.server.get(), kEvents), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(EdgeTest, ModOfAnItemThatIsNotReadyReportsNothing) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLOUT | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLOUT)));
  ASSERT_THAT(backend_.mod(ep.get(), pair.server.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(EdgeTest, ModFromLevelToEdgeReportsOnce) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  ASSERT_THAT(backend_.mod(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(EdgeTest, HupIsReportedOnceThoughNotAskedFor) {
  const unique_fd ep = backend_.instance();
  Pipe pipe = make_pipe();
  ASSERT_THAT(backend_.add(ep.get(), pipe.reader.get(), EPOLLET), SyscallSucceeds());
  pipe.writer.reset();
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pipe.reader.get(), EPOLLHUP)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

}  // namespace
}  // namespace xpoll::test
