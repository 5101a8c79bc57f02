// SPDX-License-Identifier: GPL-2.0-only
// The key of a watch is the open file together with the descriptor number.
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/tcp_state.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

class LifetimeDupTest : public EachBackend {};
XPOLL_FOR_EACH_BACKEND(LifetimeDupTest);

TEST_P(LifetimeDupTest, DupIsASecondEntry) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  const unique_fd dup = duplicate(eventfd);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.add(ep.get(), dup.get(), EPOLLIN | EPOLLOUT), SyscallSucceeds());
  EXPECT_THAT(backend_.add(ep.get(), dup.get(), EPOLLIN), SyscallFailsWithErrno(EEXIST));
  EXPECT_THAT(backend_.ready(ep.get()),
              Events(Event(eventfd.get(), EPOLLIN), Event(dup.get(), EPOLLIN | EPOLLOUT)));
}

TEST_P(LifetimeDupTest, DelOfOneEntryLeavesTheOther) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  const unique_fd dup = duplicate(eventfd);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), dup.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.del(ep.get(), eventfd.get()), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(dup.get(), EPOLLIN)));
}

TEST_P(LifetimeDupTest, DupThatWasNotAddedIsNotFound) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  const unique_fd dup = duplicate(eventfd);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.del(ep.get(), dup.get()), SyscallFailsWithErrno(ENOENT));
  EXPECT_THAT(backend_.mod(ep.get(), dup.get(), EPOLLIN), SyscallFailsWithErrno(ENOENT));
}

TEST_P(LifetimeDupTest, EventsFlowUnderAClosedNumberWhileADupIsOpen) {
  const unique_fd ep = backend_.instance();
  TcpPair pair = tcp_pair();
  const unique_fd dup = duplicate(pair.server);
  const int number = pair.server.get();
  ASSERT_THAT(backend_.add(ep.get(), number, EPOLLIN), SyscallSucceeds());
  pair.server.reset();
  write_all(pair.client, "x");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(number, EPOLLIN)));
  EXPECT_EQ(tcp_state(pair.client), TCP_ESTABLISHED);
}

TEST_P(LifetimeDupTest, DelByTheClosedNumberIsEbadf) {
  const unique_fd ep = backend_.instance();
  unique_fd eventfd = make_eventfd();
  const unique_fd dup = duplicate(eventfd);
  const int number = eventfd.get();
  ASSERT_THAT(backend_.add(ep.get(), number, EPOLLIN), SyscallSucceeds());
  eventfd.reset();
  EXPECT_THAT(backend_.del(ep.get(), number), SyscallFailsWithErrno(EBADF));
}

TEST_P(LifetimeDupTest, DelByTheReusedNumberIsEnoent) {
  const unique_fd ep = backend_.instance();
  unique_fd eventfd = make_eventfd(1);
  const unique_fd dup = duplicate(eventfd);
  const int number = eventfd.get();
  ASSERT_THAT(backend_.add(ep.get(), number, EPOLLIN), SyscallSucceeds());
  eventfd.reset();
  const unique_fd other = make_eventfd();
  ASSERT_EQ(other.get(), number);
  EXPECT_THAT(backend_.del(ep.get(), number), SyscallFailsWithErrno(ENOENT));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(number, EPOLLIN)));
}

TEST_P(LifetimeDupTest, NumberThatMeansTheSameFileAgainFindsTheEntryAgain) {
  const unique_fd ep = backend_.instance();
  unique_fd eventfd = make_eventfd();
  const unique_fd dup = duplicate(eventfd);
  const int number = eventfd.get();
  ASSERT_THAT(backend_.add(ep.get(), number, EPOLLIN), SyscallSucceeds());
  eventfd.reset();
  const unique_fd again = duplicate(dup);
  ASSERT_EQ(again.get(), number);
  EXPECT_THAT(backend_.add(ep.get(), number, EPOLLIN), SyscallFailsWithErrno(EEXIST));
  EXPECT_THAT(backend_.del(ep.get(), number), SyscallSucceeds());
}

TEST_P(LifetimeDupTest, ReusedNumberIsASecondEntryOfThatNumber) {
  const unique_fd ep = backend_.instance();
  unique_fd eventfd = make_eventfd(1);
  const unique_fd dup = duplicate(eventfd);
  const int number = eventfd.get();
  ASSERT_THAT(backend_.add(ep.get(), number, EPOLLIN, 1), SyscallSucceeds());
  eventfd.reset();
  const unique_fd other = make_eventfd(1);
  ASSERT_EQ(other.get(), number);
  EXPECT_THAT(backend_.add(ep.get(), number, EPOLLIN, 2), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(1, EPOLLIN), Event(2, EPOLLIN)));
}

TEST_P(LifetimeDupTest, EveryEntryOfAFileEndsWithItsLastDescriptor) {
  const unique_fd ep = backend_.instance();
  Pipe pipe = make_pipe();
  unique_fd dup = duplicate(pipe.writer);
  ASSERT_THAT(backend_.add(ep.get(), pipe.writer.get(), 0), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), dup.get(), 0), SyscallSucceeds());
  pipe.writer.reset();
  EXPECT_EQ(watch_count(ep.get()), 2U);
  dup.reset();
  EXPECT_THAT(watches_of(ep.get()), testing::IsEmpty());
  char byte;
  EXPECT_THAT(read(pipe.reader.get(), &byte, 1), SyscallSucceedsWithValue(0));
}

}  // namespace
}  // namespace xpoll::test
