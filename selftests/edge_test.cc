// SPDX-License-Identifier: GPL-2.0-only
// Edge-triggered delivery, which is where it shows what a single wake-up queues.
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/eventfd.h"
#include "util/matchers.h"
#include "util/sockets.h"
#include "util/tcp_state.h"
#include "util/wait_until.h"
#include "util/waiter.h"

namespace xpoll_test {
namespace {

void waitUntilBytes(const Fd& socket, int count) {
  waitUntil("bytes in the socket", [&] {
    int bytes = 0;
    checked(ioctl(socket.get(), FIONREAD, &bytes), "FIONREAD");
    return bytes >= count;
  });
}

class EdgeTest : public EachBackend {};
XPOLL_FOR_EACH_BACKEND(EdgeTest);

TEST_P(EdgeTest, ReportsOnceThoughNotDrained) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  writeAll(pair.client, "x");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(EdgeTest, AddOfAReadyDescriptorReportsOnce) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLOUT | EPOLLET), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLOUT)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(EdgeTest, EachMatchingWakeReportsAgainWithoutADrain) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  for (int i = 0; i < 3; ++i) {
    writeAll(pair.client, "x");
    EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  }
}

// A pipe wakes its reader at each write for the sake of edge-triggered watches, though by its own
// needs a pipe that holds data already would not have to.
TEST_P(EdgeTest, EachWriteToAPipeReportsAgainWithoutADrain) {
  const Fd ep = backend_.instance();
  const Pipe pipe = makePipe();
  ASSERT_THAT(backend_.add(ep.get(), pipe.reader.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  for (int i = 0; i < 2; ++i) {
    writeAll(pipe.writer, "x");
    EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pipe.reader.get(), EPOLLIN)));
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  }
}

TEST_P(EdgeTest, WakesBetweenTwoWaitsAreOneEvent) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  post(eventfd);
  post(eventfd);
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(EdgeTest, EventHasAllCurrentBitsAndNotOnlyTheWakes) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN | EPOLLOUT | EPOLLET),
              SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLOUT)));
  writeAll(pair.client, "x");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN | EPOLLOUT)));
}

TEST_P(EdgeTest, DrainedBeforeTheWaitIsNotReported) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  post(eventfd);
  take(eventfd);
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(EdgeTest, WakeForOtherBitsDoesNotQueue) {
  // If it did, the bit that has been ready all along would be reported a second time.
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLOUT | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLOUT)));
  writeAll(pair.client, "x");
  waitUntilBytes(pair.server, 1);
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(EdgeTest, WakeForOtherBitsDoesNotQueueAnEventfd) {
  const Fd ep = backend_.instance();
  const Fd writable = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), writable.get(), EPOLLOUT | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(writable.get(), EPOLLOUT)));
  post(writable);
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  take(writable);
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(writable.get(), EPOLLOUT)));
}

TEST_P(EdgeTest, WakeWithoutAKeyQueues) {
  // The FIN's own wake has key 0; the one for readable data that follows it does not match RDHUP.
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLRDHUP | EPOLLET), SyscallSucceeds());
  Waiter waiter(backend_, ep.get());
  waiter.waitUntilAsleep();
  checked(shutdown(pair.client.get(), SHUT_WR), "shutdown");
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events(), Events(Event(pair.server.get(), EPOLLRDHUP)));
}

TEST_P(EdgeTest, WakeWithoutAKeyQueuesBitsThatWereReadyBefore) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLOUT | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLOUT)));
  checked(shutdown(pair.client.get(), SHUT_WR), "shutdown");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLOUT)));
}

TEST_P(EdgeTest, ModReportsAgain) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  constexpr std::uint32_t kEvents = EPOLLIN | EPOLLET;
  writeAll(pair.client, "x");
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), kEvents), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  ASSERT_THAT(backend_.ready(ep.get()), NoEvents());
  ASSERT_THAT(backend_.mod(ep.get(), pair.server.get(), kEvents), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(EdgeTest, ModOfAnItemThatIsNotReadyReportsNothing) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLOUT | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLOUT)));
  ASSERT_THAT(backend_.mod(ep.get(), pair.server.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(EdgeTest, ModFromLevelToEdgeReportsOnce) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  ASSERT_THAT(backend_.mod(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(EdgeTest, HupIsReportedOnceThoughNotAskedFor) {
  const Fd ep = backend_.instance();
  Pipe pipe = makePipe();
  ASSERT_THAT(backend_.add(ep.get(), pipe.reader.get(), EPOLLET), SyscallSucceeds());
  pipe.writer.reset();
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pipe.reader.get(), EPOLLHUP)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

}  // namespace
}  // namespace xpoll_test
