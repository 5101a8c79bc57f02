// SPDX-License-Identifier: GPL-2.0-only
// EPOLLONESHOT: one event, then nothing until a MOD.
#include <sys/socket.h>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/sleep_watch.h"
#include "util/tcp_state.h"
#include "util/waiter.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

constexpr std::uint32_t kOnce = EPOLLIN | EPOLLONESHOT;

class OneshotTest : public EachBackend {};
XPOLL_FOR_EACH_BACKEND(OneshotTest);

TEST_P(OneshotTest, ReportsOnceThoughStillReady) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), kOnce), SyscallSucceeds());
  write_all(pair.client, "x");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(OneshotTest, NewWakesAreNotReportedWhileDisarmed) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  for (const std::uint32_t trigger : {0U, EPOLLET + 0U}) {
    ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), kOnce | trigger), SyscallSucceeds());
    ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
    post(eventfd);
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
    ASSERT_THAT(backend_.del(ep.get(), eventfd.get()), SyscallSucceeds());
  }
}

TEST_P(OneshotTest, WakeOfADisarmedItemWakesNoWaiter) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  const unique_fd other = make_eventfd();
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
  const unique_fd ep = backend_.instance();
  Pipe pipe = make_pipe();
  write_all(pipe.writer, "x");
  ASSERT_THAT(backend_.add(ep.get(), pipe.reader.get(), kOnce), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(pipe.reader.get(), EPOLLIN)));
  pipe.writer.reset();
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(OneshotTest, DisarmsErrToo) {
  const unique_fd ep = backend_.instance();
  Pipe pipe = make_pipe();
  ASSERT_THAT(backend_.add(ep.get(), pipe.writer.get(), EPOLLOUT | EPOLLONESHOT),
              SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(pipe.writer.get(), EPOLLOUT)));
  pipe.reader.reset();
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(OneshotTest, HupIsReportedOnceThoughNotAskedFor) {
  const unique_fd ep = backend_.instance();
  Pipe pipe = make_pipe();
  ASSERT_THAT(backend_.add(ep.get(), pipe.reader.get(), EPOLLONESHOT), SyscallSucceeds());
  pipe.writer.reset();
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pipe.reader.get(), EPOLLHUP)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(OneshotTest, ModRearmsAndReportsAtOnceIfReady) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), kOnce), SyscallSucceeds());
  write_all(pair.client, "x");
  ASSERT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  for (int i = 0; i < 2; ++i) {
    ASSERT_THAT(backend_.mod(ep.get(), pair.server.get(), kOnce), SyscallSucceeds());
    EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLIN)));
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  }
}

TEST_P(OneshotTest, ModRearmsForTheNextWake) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), kOnce), SyscallSucceeds());
  write_all(pair.client, "x");
  ASSERT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  drain(pair.server);
  ASSERT_THAT(backend_.mod(ep.get(), pair.server.get(), kOnce), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  write_all(pair.client, "y");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
}

TEST_P(OneshotTest, ModWakesAWaiterIfReady) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), kOnce), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  Waiter waiter(backend_, ep.get());
  waiter.wait_until_asleep();
  ASSERT_THAT(backend_.mod(ep.get(), eventfd.get(), kOnce), SyscallSucceeds());
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events(), Events(Event(eventfd.get(), EPOLLIN)));
}

TEST_P(OneshotTest, ModMayEndTheOneshot) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), kOnce), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  ASSERT_THAT(backend_.mod(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
}

TEST_P(OneshotTest, DisarmedItemIsStillWatched) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), kOnce), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  EXPECT_THAT(backend_.add(ep.get(), eventfd.get(), kOnce), SyscallFailsWithErrno(EEXIST));
  EXPECT_THAT(backend_.del(ep.get(), eventfd.get()), SyscallSucceeds());
  EXPECT_THAT(backend_.del(ep.get(), eventfd.get()), SyscallFailsWithErrno(ENOENT));
}

TEST_P(OneshotTest, DisarmedItemKeepsItsPrivateBitsOnly) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), kOnce | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  ASSERT_EQ(watch_count(ep.get()), 1U);
  EXPECT_EQ(watches_of(ep.get())[0].events, EPOLLONESHOT | EPOLLET);
}

}  // namespace
}  // namespace xpoll::test
