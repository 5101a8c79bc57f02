// SPDX-License-Identifier: GPL-2.0-only
// A watch's key is the open file together with the descriptor's number.
#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/eventfd.h"
#include "util/matchers.h"
#include "util/sockets.h"
#include "util/tcp_state.h"
#include "util/watched.h"

namespace xpoll_test {
namespace {

class LifetimeDupTest : public EachBackend {};
XPOLL_FOR_EACH_BACKEND(LifetimeDupTest);

TEST_P(LifetimeDupTest, DupIsASecondEntry) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  const Fd dup = eventfd.dup();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.add(ep.get(), dup.get(), EPOLLIN | EPOLLOUT), SyscallSucceeds());
  EXPECT_THAT(backend_.add(ep.get(), dup.get(), EPOLLIN), SyscallFailsWithErrno(EEXIST));
  EXPECT_THAT(backend_.ready(ep.get()),
              Events(Event(eventfd.get(), EPOLLIN), Event(dup.get(), EPOLLIN | EPOLLOUT)));
}

TEST_P(LifetimeDupTest, DelOfOneEntryLeavesTheOther) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  const Fd dup = eventfd.dup();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), dup.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.del(ep.get(), eventfd.get()), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(dup.get(), EPOLLIN)));
}

TEST_P(LifetimeDupTest, DupThatWasNotAddedIsNotFound) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd();
  const Fd dup = eventfd.dup();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.del(ep.get(), dup.get()), SyscallFailsWithErrno(ENOENT));
  EXPECT_THAT(backend_.mod(ep.get(), dup.get(), EPOLLIN), SyscallFailsWithErrno(ENOENT));
}

TEST_P(LifetimeDupTest, EventsFlowUnderAClosedNumberWhileADupIsOpen) {
  const Fd ep = backend_.instance();
  TcpPair pair = tcpPair();
  const Fd dup = pair.server.dup();
  const int number = pair.server.get();
  ASSERT_THAT(backend_.add(ep.get(), number, EPOLLIN), SyscallSucceeds());
  pair.server.reset();
  writeAll(pair.client, "x");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(number, EPOLLIN)));
  EXPECT_EQ(tcpState(pair.client), TCP_ESTABLISHED);
}

TEST_P(LifetimeDupTest, DelByTheClosedNumberIsEbadf) {
  const Fd ep = backend_.instance();
  Fd eventfd = makeEventfd();
  const Fd dup = eventfd.dup();
  const int number = eventfd.get();
  ASSERT_THAT(backend_.add(ep.get(), number, EPOLLIN), SyscallSucceeds());
  eventfd.reset();
  EXPECT_THAT(backend_.del(ep.get(), number), SyscallFailsWithErrno(EBADF));
}

TEST_P(LifetimeDupTest, DelByTheReusedNumberIsEnoent) {
  const Fd ep = backend_.instance();
  Fd eventfd = makeEventfd(1);
  const Fd dup = eventfd.dup();
  const int number = eventfd.get();
  ASSERT_THAT(backend_.add(ep.get(), number, EPOLLIN), SyscallSucceeds());
  eventfd.reset();
  const Fd other = makeEventfd();
  ASSERT_EQ(other.get(), number);
  EXPECT_THAT(backend_.del(ep.get(), number), SyscallFailsWithErrno(ENOENT));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(number, EPOLLIN)));
}

TEST_P(LifetimeDupTest, NumberThatMeansTheSameFileAgainFindsTheEntryAgain) {
  const Fd ep = backend_.instance();
  Fd eventfd = makeEventfd();
  const Fd dup = eventfd.dup();
  const int number = eventfd.get();
  ASSERT_THAT(backend_.add(ep.get(), number, EPOLLIN), SyscallSucceeds());
  eventfd.reset();
  const Fd again = dup.dup();
  ASSERT_EQ(again.get(), number);
  EXPECT_THAT(backend_.add(ep.get(), number, EPOLLIN), SyscallFailsWithErrno(EEXIST));
  EXPECT_THAT(backend_.del(ep.get(), number), SyscallSucceeds());
}

TEST_P(LifetimeDupTest, ReusedNumberIsASecondEntryOfThatNumber) {
  const Fd ep = backend_.instance();
  Fd eventfd = makeEventfd(1);
  const Fd dup = eventfd.dup();
  const int number = eventfd.get();
  ASSERT_THAT(backend_.add(ep.get(), number, EPOLLIN, 1), SyscallSucceeds());
  eventfd.reset();
  const Fd other = makeEventfd(1);
  ASSERT_EQ(other.get(), number);
  EXPECT_THAT(backend_.add(ep.get(), number, EPOLLIN, 2), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(1, EPOLLIN), Event(2, EPOLLIN)));
}

TEST_P(LifetimeDupTest, EveryEntryOfAFileEndsWithItsLastDescriptor) {
  const Fd ep = backend_.instance();
  Pipe pipe = makePipe();
  Fd dup = pipe.writer.dup();
  ASSERT_THAT(backend_.add(ep.get(), pipe.writer.get(), 0), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), dup.get(), 0), SyscallSucceeds());
  pipe.writer.reset();
  EXPECT_EQ(watchesOf(ep.get()).size(), 2U);
  dup.reset();
  EXPECT_THAT(watchesOf(ep.get()), testing::IsEmpty());
  char byte;
  EXPECT_THAT(read(pipe.reader.get(), &byte, 1), SyscallSucceedsWithValue(0));
}

}  // namespace
}  // namespace xpoll_test
