// SPDX-License-Identifier: GPL-2.0-only
// The key of a watch is the open file together with the descriptor number. lifetime_dup_test.cc
// tests that the watch outlives that number.
#include <fcntl.h>

#include <string>

#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "util/each_backend.h"
#include "util/fd_passing.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

using CtlKeyTest = EachBackend;
XPOLL_FOR_EACH_BACKEND(CtlKeyTest);

TEST_P(CtlKeyTest, EachOfTwoDupsHasAMaskOfItsOwn) {
  const unique_fd ep = backend_.instance();
  const TcpPair tcp = tcp_pair();
  const unique_fd dup = duplicate(tcp.server);
  ASSERT_THAT(backend_.add(ep.get(), tcp.server.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), dup.get(), EPOLLOUT), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(dup.get(), EPOLLOUT)));
}

TEST_P(CtlKeyTest, AnotherOpenOfTheSameFileIsAnotherKey) {
  const unique_fd ep = backend_.instance();
  const Pipe pipe = make_pipe();
  const std::string path = "/proc/self/fd/" + std::to_string(pipe.reader.get());
  const unique_fd reopened =
      checked_fd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC), "reopen");
  ASSERT_THAT(backend_.add(ep.get(), pipe.reader.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.del(ep.get(), reopened.get()), SyscallFailsWithErrno(ENOENT));
  ASSERT_THAT(backend_.add(ep.get(), reopened.get(), EPOLLIN), SyscallSucceeds());
}

TEST_P(CtlKeyTest, ADescriptorThatCameBackByScmRightsIsASecondEntry) {
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd(1);
  const auto [sender, receiver] = unix_pair();
  send_fd(sender, watched.get());
  const unique_fd received = recv_fd(receiver);
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), received.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()),
              Events(Event(watched.get(), EPOLLIN), Event(received.get(), EPOLLIN)));
}

TEST_P(CtlKeyTest, TwoInstancesWatchOneDescriptorIndependently) {
  const unique_fd one = backend_.instance();
  const unique_fd other = backend_.instance();
  const unique_fd watched = make_eventfd(1);
  ASSERT_THAT(backend_.add(one.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(other.get(), watched.get(), EPOLLOUT), SyscallSucceeds());
  ASSERT_THAT(backend_.del(one.get(), watched.get()), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(one.get()), NoEvents());
  EXPECT_THAT(backend_.ready(other.get()), Events(Event(watched.get(), EPOLLOUT)));
}

}  // namespace
}  // namespace xpoll::test
