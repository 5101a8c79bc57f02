// SPDX-License-Identifier: GPL-2.0-only
// Level-triggered delivery, and the delivered bits.
#include <sys/socket.h>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/tcp_state.h"

namespace xpoll::test {
namespace {

// Makes close() send a RST instead of a FIN.
void reset_connection(unique_fd& socket) {
  const linger hard{.l_onoff = 1, .l_linger = 0};
  checked(setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof(hard)), "SO_LINGER");
  socket.reset();
}

class LevelTest : public EachBackend {};
XPOLL_FOR_EACH_BACKEND(LevelTest);

TEST_P(LevelTest, ReportsAgainUntilDrained) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  write_all(pair.client, "two bytes");
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  }
  char byte;
  ASSERT_EQ(read(pair.server.get(), &byte, 1), 1);
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLIN)));
  drain(pair.server);
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(LevelTest, AddOfAReadyDescriptorReports) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLOUT), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLOUT)));
}

TEST_P(LevelTest, DeliversOnlyTheBitsAskedFor) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  write_all(pair.client, "x");
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  ASSERT_THAT(backend_.mod(ep.get(), pair.server.get(), EPOLLIN | EPOLLOUT), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLIN | EPOLLOUT)));
  ASSERT_THAT(backend_.mod(ep.get(), pair.server.get(), EPOLLRDNORM | EPOLLWRNORM),
              SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()),
              Events(Event(pair.server.get(), EPOLLRDNORM | EPOLLWRNORM)));
}

TEST_P(LevelTest, DrainedBeforeTheWaitIsNotReported) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  post(eventfd);
  take(eventfd);
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(LevelTest, SocketThatBecomesWritableIsReported) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  const std::string block(64 << 10, 'x');
  while (write(pair.client.get(), block.data(), block.size()) > 0) continue;
  ASSERT_EQ(errno, EAGAIN);
  ASSERT_THAT(backend_.add(ep.get(), pair.client.get(), EPOLLOUT), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  wait_until("room to write", [&] {
    drain(pair.server);
    return !backend_.ready(ep.get()).empty();
  });
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pair.client.get(), EPOLLOUT)));
}

TEST_P(LevelTest, NewConnectionMakesTheListenerReadable) {
  const unique_fd ep = backend_.instance();
  const TcpListener listener;
  ASSERT_THAT(backend_.add(ep.get(), listener.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  const unique_fd client = listener.connect();
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(listener.get(), EPOLLIN)));
}

TEST_P(LevelTest, UrgentDataIsPri) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLPRI), SyscallSucceeds());
  ASSERT_EQ(send(pair.client.get(), "!", 1, MSG_OOB), 1);
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLPRI)));
}

TEST_P(LevelTest, HupIsReportedThoughNotAskedFor) {
  const unique_fd ep = backend_.instance();
  Pipe pipe = make_pipe();
  ASSERT_THAT(backend_.add(ep.get(), pipe.reader.get(), 0), SyscallSucceeds());
  write_all(pipe.writer, "x");
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  pipe.writer.reset();
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pipe.reader.get(), EPOLLHUP)));
}

TEST_P(LevelTest, ErrIsReportedThoughNotAskedFor) {
  const unique_fd ep = backend_.instance();
  Pipe pipe = make_pipe();
  ASSERT_THAT(backend_.add(ep.get(), pipe.writer.get(), 0), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  pipe.reader.reset();
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pipe.writer.get(), EPOLLERR)));
}

TEST_P(LevelTest, ResetConnectionIsErrAndHupThoughNotAskedFor) {
  const unique_fd ep = backend_.instance();
  TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), 0), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  reset_connection(pair.client);
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLERR | EPOLLHUP)));
}

TEST_P(LevelTest, ErrAndHupAreForcedOnByModToo) {
  const unique_fd ep = backend_.instance();
  TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.mod(ep.get(), pair.server.get(), 0), SyscallSucceeds());
  reset_connection(pair.client);
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLERR | EPOLLHUP)));
}

TEST_P(LevelTest, RdhupIsNotReportedUnlessAskedFor) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), 0), SyscallSucceeds());
  checked(shutdown(pair.client.get(), SHUT_WR), "shutdown");
  wait_until_fin(pair.server);
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  ASSERT_THAT(backend_.mod(ep.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLIN)));
}

TEST_P(LevelTest, RdhupIsReportedIfAskedFor) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLRDHUP), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  checked(shutdown(pair.client.get(), SHUT_WR), "shutdown");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLRDHUP)));
}

TEST_P(LevelTest, ModToABitThatIsReadyReports) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), 0), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  ASSERT_THAT(backend_.mod(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
}

TEST_P(LevelTest, ModToABitThatIsNotReadyStopsTheReports) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.mod(ep.get(), eventfd.get(), EPOLLPRI), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(LevelTest, ModReplacesTheData) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  constexpr std::uint64_t kData = 0xfedc'ba98'7654'3210;
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN, 1), SyscallSucceeds());
  ASSERT_THAT(backend_.mod(ep.get(), eventfd.get(), EPOLLIN, kData), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(kData, EPOLLIN)));
}

TEST_P(LevelTest, DelOfAReadyDescriptorStopsTheReports) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  ASSERT_THAT(backend_.del(ep.get(), eventfd.get()), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

}  // namespace
}  // namespace xpoll::test
