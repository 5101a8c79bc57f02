// SPDX-License-Identifier: GPL-2.0-only
// The key of a watch is the open file together with the descriptor number; how it outlives that
// number is in lifetime_dup_test.cc.
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

TEST_P(CtlKeyTest, EachOfTwoDupsHasAMaskOfItsOwn) {
  const Fd ep = backend_.instance();
  const TcpPair tcp = tcpPair();
  const Fd dup = tcp.server.dup();
  ASSERT_THAT(backend_.add(ep.get(), tcp.server.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), dup.get(), EPOLLOUT), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(dup.get(), EPOLLOUT)));
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
