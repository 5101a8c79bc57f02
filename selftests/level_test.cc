// SPDX-License-Identifier: GPL-2.0-only
// Level-triggered delivery, and which bits are delivered.
#include <sys/socket.h>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/eventfd.h"
#include "util/matchers.h"
#include "util/sockets.h"
#include "util/tcp_state.h"
#include "util/wait_until.h"

namespace xpoll_test {
namespace {

// close() sends a RST instead of a FIN.
void resetConnection(Fd& socket) {
  const linger hard{.l_onoff = 1, .l_linger = 0};
  checked(setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof(hard)), "SO_LINGER");
  socket.reset();
}

class LevelTest : public EachBackend {};
XPOLL_FOR_EACH_BACKEND(LevelTest);

TEST_P(LevelTest, ReportsAgainUntilDrained) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  writeAll(pair.client, "two bytes");
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
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLOUT), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLOUT)));
}

TEST_P(LevelTest, DeliversOnlyTheBitsAskedFor) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  writeAll(pair.client, "x");
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
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  post(eventfd);
  take(eventfd);
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(LevelTest, SocketThatBecomesWritableIsReported) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  const std::string block(64 << 10, 'x');
  while (write(pair.client.get(), block.data(), block.size()) > 0) continue;
  ASSERT_EQ(errno, EAGAIN);
  ASSERT_THAT(backend_.add(ep.get(), pair.client.get(), EPOLLOUT), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  waitUntil("room to write", [&] {
    drain(pair.server);
    return !backend_.ready(ep.get()).empty();
  });
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pair.client.get(), EPOLLOUT)));
}

TEST_P(LevelTest, NewConnectionMakesTheListenerReadable) {
  const Fd ep = backend_.instance();
  const TcpListener listener;
  ASSERT_THAT(backend_.add(ep.get(), listener.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  const Fd client = listener.connect();
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(listener.get(), EPOLLIN)));
}

TEST_P(LevelTest, UrgentDataIsPri) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLPRI), SyscallSucceeds());
  ASSERT_EQ(send(pair.client.get(), "!", 1, MSG_OOB), 1);
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLPRI)));
}

TEST_P(LevelTest, HupIsReportedThoughNotAskedFor) {
  const Fd ep = backend_.instance();
  Pipe pipe = makePipe();
  ASSERT_THAT(backend_.add(ep.get(), pipe.reader.get(), 0), SyscallSucceeds());
  writeAll(pipe.writer, "x");
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  pipe.writer.reset();
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pipe.reader.get(), EPOLLHUP)));
}

TEST_P(LevelTest, ErrIsReportedThoughNotAskedFor) {
  const Fd ep = backend_.instance();
  Pipe pipe = makePipe();
  ASSERT_THAT(backend_.add(ep.get(), pipe.writer.get(), 0), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  pipe.reader.reset();
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pipe.writer.get(), EPOLLERR)));
}

TEST_P(LevelTest, ResetConnectionIsErrAndHupThoughNotAskedFor) {
  const Fd ep = backend_.instance();
  TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), 0), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  resetConnection(pair.client);
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLERR | EPOLLHUP)));
}

TEST_P(LevelTest, ErrAndHupAreForcedOnByModToo) {
  const Fd ep = backend_.instance();
  TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.mod(ep.get(), pair.server.get(), 0), SyscallSucceeds());
  resetConnection(pair.client);
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLERR | EPOLLHUP)));
}

TEST_P(LevelTest, RdhupIsNotReportedUnlessAskedFor) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), 0), SyscallSucceeds());
  checked(shutdown(pair.client.get(), SHUT_WR), "shutdown");
  waitUntilFin(pair.server);
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  ASSERT_THAT(backend_.mod(ep.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLIN)));
}

TEST_P(LevelTest, RdhupIsReportedIfAskedFor) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLRDHUP), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  checked(shutdown(pair.client.get(), SHUT_WR), "shutdown");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLRDHUP)));
}

TEST_P(LevelTest, ModToABitThatIsReadyReports) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), 0), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  ASSERT_THAT(backend_.mod(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
}

TEST_P(LevelTest, ModToABitThatIsNotReadyStopsTheReports) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.mod(ep.get(), eventfd.get(), EPOLLPRI), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(LevelTest, ModReplacesTheData) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  constexpr std::uint64_t kData = 0xfedc'ba98'7654'3210;
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN, 1), SyscallSucceeds());
  ASSERT_THAT(backend_.mod(ep.get(), eventfd.get(), EPOLLIN, kData), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(kData, EPOLLIN)));
}

TEST_P(LevelTest, DelOfAReadyDescriptorStopsTheReports) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  ASSERT_THAT(backend_.del(ep.get(), eventfd.get()), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

}  // namespace
}  // namespace xpoll_test
