// SPDX-License-Identifier: GPL-2.0-only
// EPOLLONESHOT: one event, then nothing until a MOD.
#include <sys/socket.h>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/eventfd.h"
#include "util/matchers.h"
#include "util/sleep_watch.h"
#include "util/sockets.h"
#include "util/tcp_state.h"
#include "util/waiter.h"
#include "util/watched.h"

namespace xpoll_test {
namespace {

constexpr std::uint32_t kOnce = EPOLLIN | EPOLLONESHOT;

class OneshotTest : public EachBackend {};
XPOLL_FOR_EACH_BACKEND(OneshotTest);

TEST_P(OneshotTest, ReportsOnceThoughStillReady) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), kOnce), SyscallSucceeds());
  writeAll(pair.client, "x");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(OneshotTest, NewWakesAreNotReportedWhileDisarmed) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  for (const std::uint32_t trigger : {0U, EPOLLET + 0U}) {
    ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), kOnce | trigger), SyscallSucceeds());
    ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
    post(eventfd);
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
    ASSERT_THAT(backend_.del(ep.get(), eventfd.get()), SyscallSucceeds());
  }
}

TEST_P(OneshotTest, WakeOfADisarmedItemWakesNoWaiter) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  const Fd other = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), kOnce), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), other.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  Waiter waiter(backend_, ep.get());
  const SleepWatch sleep(waiter.tid());
  post(eventfd);
  EXPECT_TRUE(sleep.undisturbed());
  post(other);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
}

TEST_P(OneshotTest, DisarmsHupToo) {
  const Fd ep = backend_.instance();
  Pipe pipe = makePipe();
  writeAll(pipe.writer, "x");
  ASSERT_THAT(backend_.add(ep.get(), pipe.reader.get(), kOnce), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(pipe.reader.get(), EPOLLIN)));
  pipe.writer.reset();
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(OneshotTest, DisarmsErrToo) {
  const Fd ep = backend_.instance();
  Pipe pipe = makePipe();
  ASSERT_THAT(backend_.add(ep.get(), pipe.writer.get(), EPOLLOUT | EPOLLONESHOT),
              SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(pipe.writer.get(), EPOLLOUT)));
  pipe.reader.reset();
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(OneshotTest, HupIsReportedOnceThoughNotAskedFor) {
  const Fd ep = backend_.instance();
  Pipe pipe = makePipe();
  ASSERT_THAT(backend_.add(ep.get(), pipe.reader.get(), EPOLLONESHOT), SyscallSucceeds());
  pipe.writer.reset();
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pipe.reader.get(), EPOLLHUP)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(OneshotTest, ModRearmsAndReportsAtOnceIfReady) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), kOnce), SyscallSucceeds());
  writeAll(pair.client, "x");
  ASSERT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  for (int i = 0; i < 2; ++i) {
    ASSERT_THAT(backend_.mod(ep.get(), pair.server.get(), kOnce), SyscallSucceeds());
    EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLIN)));
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  }
}

TEST_P(OneshotTest, ModRearmsForTheNextWake) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), kOnce), SyscallSucceeds());
  writeAll(pair.client, "x");
  ASSERT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  drain(pair.server);
  ASSERT_THAT(backend_.mod(ep.get(), pair.server.get(), kOnce), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  writeAll(pair.client, "y");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
}

TEST_P(OneshotTest, ModWakesAWaiterIfReady) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), kOnce), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  Waiter waiter(backend_, ep.get());
  waiter.waitUntilAsleep();
  ASSERT_THAT(backend_.mod(ep.get(), eventfd.get(), kOnce), SyscallSucceeds());
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events(), Events(Event(eventfd.get(), EPOLLIN)));
}

TEST_P(OneshotTest, ModMayEndTheOneshot) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), kOnce), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  ASSERT_THAT(backend_.mod(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
}

TEST_P(OneshotTest, DisarmedItemIsStillWatched) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), kOnce), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  EXPECT_THAT(backend_.add(ep.get(), eventfd.get(), kOnce), SyscallFailsWithErrno(EEXIST));
  EXPECT_THAT(backend_.del(ep.get(), eventfd.get()), SyscallSucceeds());
  EXPECT_THAT(backend_.del(ep.get(), eventfd.get()), SyscallFailsWithErrno(ENOENT));
}

TEST_P(OneshotTest, DisarmedItemKeepsItsPrivateBitsOnly) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), kOnce | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  ASSERT_EQ(watchesOf(ep.get()).size(), 1U);
  EXPECT_EQ(watchesOf(ep.get())[0].events, EPOLLONESHOT | EPOLLET);
}

}  // namespace
}  // namespace xpoll_test
