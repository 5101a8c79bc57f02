// SPDX-License-Identifier: GPL-2.0-only
// The key of a watch is the open file together with the descriptor number.
#include <fcntl.h>

#include <string>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/fd_passing.h"
#include "util/matchers.h"
#include "util/sockets.h"

namespace xpoll_test {
namespace {

using CtlKeyTest = EachBackend;
XPOLL_FOR_EACH_BACKEND(CtlKeyTest);

// Puts `source`'s open file at number `number`, which need not be free.
void putAt(const Fd& source, int number) { checked(dup3(source.get(), number, O_CLOEXEC), "dup3"); }

TEST_P(CtlKeyTest, ADupIsASecondEntry) {
  const Fd ep = backend_.instance();
  const TcpPair tcp = tcpPair();
  const Fd dup = tcp.server.dup();
  ASSERT_THAT(backend_.add(ep.get(), tcp.server.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), dup.get(), EPOLLIN), SyscallSucceeds());
  writeAll(tcp.client, "x");
  EXPECT_THAT(
      backend_.ready(ep.get(), -1),
      testing::UnorderedElementsAre(Event(tcp.server.get(), EPOLLIN), Event(dup.get(), EPOLLIN)));
}

TEST_P(CtlKeyTest, EachOfTwoDupsHasAMaskOfItsOwn) {
  const Fd ep = backend_.instance();
  const TcpPair tcp = tcpPair();
  const Fd dup = tcp.server.dup();
  ASSERT_THAT(backend_.add(ep.get(), tcp.server.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), dup.get(), EPOLLOUT), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(dup.get(), EPOLLOUT)));
}

TEST_P(CtlKeyTest, DelOfOneDupLeavesTheOther) {
  const Fd ep = backend_.instance();
  const Fd watched = makeEventfd(1);
  const Fd dup = watched.dup();
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), dup.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.del(ep.get(), watched.get()), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(dup.get(), EPOLLIN)));
}

TEST_P(CtlKeyTest, ClosingOneDupKeepsItsEventsFlowing) {
  const Fd ep = backend_.instance();
  TcpPair tcp = tcpPair();
  const Fd dup = tcp.server.dup();
  const int number = tcp.server.get();
  ASSERT_THAT(backend_.add(ep.get(), number, EPOLLIN), SyscallSucceeds());
  tcp.server.reset();
  writeAll(tcp.client, "x");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(number, EPOLLIN)));
}

TEST_P(CtlKeyTest, DelByTheClosedNumberIsEbadf) {
  const Fd ep = backend_.instance();
  Fd watched = makeEventfd(1);
  const Fd dup = watched.dup();
  const int number = watched.get();
  ASSERT_THAT(backend_.add(ep.get(), number, EPOLLIN), SyscallSucceeds());
  watched.reset();
  EXPECT_THAT(backend_.del(ep.get(), number), SyscallFailsWithErrno(EBADF));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(number, EPOLLIN)));
}

TEST_P(CtlKeyTest, DelByAReusedNumberIsEnoent) {
  const Fd ep = backend_.instance();
  const Fd watched = makeEventfd(1);
  const Fd dup = watched.dup();
  const Fd other = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  putAt(other, watched.get());
  EXPECT_THAT(backend_.del(ep.get(), watched.get()), SyscallFailsWithErrno(ENOENT));
  EXPECT_THAT(backend_.mod(ep.get(), watched.get(), EPOLLIN), SyscallFailsWithErrno(ENOENT));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(watched.get(), EPOLLIN)));
}

TEST_P(CtlKeyTest, AReusedNumberCanBeAddedBesideTheOldEntry) {
  const Fd ep = backend_.instance();
  const Fd watched = makeEventfd(1);
  const Fd dup = watched.dup();
  const Fd other = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN, 1), SyscallSucceeds());
  putAt(other, watched.get());
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN, 2), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(1, EPOLLIN), Event(2, EPOLLIN)));
}

TEST_P(CtlKeyTest, PuttingTheFileBackAtItsNumberMakesTheEntryReachableAgain) {
  const Fd ep = backend_.instance();
  const Fd watched = makeEventfd(1);
  const Fd dup = watched.dup();
  const Fd other = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  putAt(other, watched.get());
  putAt(dup, watched.get());
  EXPECT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN), SyscallFailsWithErrno(EEXIST));
  EXPECT_THAT(backend_.del(ep.get(), watched.get()), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(CtlKeyTest, AnotherOpenOfTheSameFileIsAnotherKey) {
  const Fd ep = backend_.instance();
  const Pipe pipe = makePipe();
  const std::string path = "/proc/self/fd/" + std::to_string(pipe.reader.get());
  const Fd reopened = checkedFd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC), "reopen");
  ASSERT_THAT(backend_.add(ep.get(), pipe.reader.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.del(ep.get(), reopened.get()), SyscallFailsWithErrno(ENOENT));
  ASSERT_THAT(backend_.add(ep.get(), reopened.get(), EPOLLIN), SyscallSucceeds());
}

TEST_P(CtlKeyTest, ADescriptorThatCameBackByScmRightsIsASecondEntry) {
  const Fd ep = backend_.instance();
  const Fd watched = makeEventfd(1);
  const auto [sender, receiver] = unixPair();
  sendFd(sender, watched.get());
  const Fd received = recvFd(receiver);
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), received.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()),
              Events(Event(watched.get(), EPOLLIN), Event(received.get(), EPOLLIN)));
}

TEST_P(CtlKeyTest, TwoInstancesWatchOneDescriptorIndependently) {
  const Fd one = backend_.instance();
  const Fd other = backend_.instance();
  const Fd watched = makeEventfd(1);
  ASSERT_THAT(backend_.add(one.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(other.get(), watched.get(), EPOLLOUT), SyscallSucceeds());
  ASSERT_THAT(backend_.del(one.get(), watched.get()), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(one.get()), NoEvents());
  EXPECT_THAT(backend_.ready(other.get()), Events(Event(watched.get(), EPOLLOUT)));
}

}  // namespace
}  // namespace xpoll_test
