// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_ENTER_EXTENDED: what the events say besides epoll's.
#include "util/extended.h"

#include <fcntl.h>
#include <linux/tls.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <string>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/cookie.h"
#include "util/each_backend.h"
#include "util/guarded_memory.h"
#include "util/matchers.h"
#include "util/ring.h"
#include "util/sleep_count.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;

auto Bits(std::uint32_t bits) {
  return Field("events", &xpoll_event::events, static_cast<__u16>(bits));
}
auto Amount(std::uint32_t amount) { return Field("amount", &xpoll_event::amount, amount); }
auto Data(int fd) { return Field("data", &xpoll_event::data, static_cast<__u64>(fd)); }
auto Cookie(std::uint64_t cookie) { return Field("cookie", &xpoll_event::cookie, cookie); }
auto NoTime() {
  return AllOf(Field("wakeups", &xpoll_event::wakeups, 0),
               Field("time_ns", &xpoll_event::time_ns, 0U));
}

class ExtendedTest : public XpollOnly {
 protected:
  std::vector<struct xpoll_event> ready() const { return extended_events(ep_.get()); }
  void add(const unique_fd& fd, std::uint32_t events = EPOLLIN) const {
    ASSERT_THAT(backend_.add(ep_.get(), fd.get(), events), SyscallSucceeds());
  }
  // The amount that the event of `fd`, which waits for EPOLLIN, tells.
  std::uint32_t amount_of(const unique_fd& fd) const {
    add(fd);
    const auto events = ready();
    EXPECT_THAT(backend_.del(ep_.get(), fd.get()), SyscallSucceeds());
    EXPECT_THAT(events, SizeIs(1));
    return events.empty() ? 0 : events[0].amount;
  }

  const unique_fd ep_ = backend_.instance();
};

void send_bytes(const unique_fd& fd, std::size_t size, int flags = 0) {
  const std::string data(size, 'x');
  ASSERT_EQ(send(fd.get(), data.data(), size, flags), static_cast<ssize_t>(size));
}

// Bytes of a loopback connection have come once FIONREAD tells them.
void wait_for_bytes(const unique_fd& fd, int size) {
  wait_until("the bytes have come", [&] {
    int have = 0;
    checked(ioctl(fd.get(), FIONREAD, &have), "FIONREAD");
    return have == size;
  });
}

TEST_F(ExtendedTest, FeatureIsTold) {
  EXPECT_TRUE(module_features().features & XPOLL_FEATURE_EXTENDED);
}

TEST_F(ExtendedTest, EventOfAPlainWatch) {
  const unique_fd file = make_eventfd(1);
  add(file, EPOLLIN | EPOLLOUT);
  ExtendedWait wait(ep_.get());
  ASSERT_THAT(wait.call(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(wait.events(), ElementsAre(AllOf(Bits(EPOLLIN | EPOLLOUT), Data(file.get()),
                                               Cookie(XPOLL_COOKIE_NONE),
                                               Amount(XPOLL_AMOUNT_UNKNOWN), NoTime())));
  EXPECT_TRUE(wait.rest_is_untouched());
}

TEST_F(ExtendedTest, CookieIsTheWatchs) {
  const unique_fd first = make_eventfd(1);
  const unique_fd second = make_eventfd(1);
  const std::uint64_t cookie = add_with_cookie(ep_.get(), first.get()).value();
  ASSERT_THAT(del_by_cookie(ep_.get(), cookie), SyscallSucceeds());
  const std::uint64_t next = add_with_cookie(ep_.get(), first.get()).value();
  const std::uint64_t other = add_with_cookie(ep_.get(), second.get()).value();
  EXPECT_THAT(ready(), ElementsAre(AllOf(Data(first.get()), Cookie(next)),
                                   AllOf(Data(second.get()), Cookie(other))));
}

TEST_F(ExtendedTest, BytesOfTcp) {
  const TcpPair pair = tcp_pair();
  send_bytes(pair.client, 1'000);
  wait_for_bytes(pair.server, 1'000);
  EXPECT_EQ(amount_of(pair.server), 1'000U);
  send_bytes(pair.client, 24);
  wait_for_bytes(pair.server, 1'024);
  EXPECT_EQ(amount_of(pair.server), 1'024U);
  char room[1'000];
  ASSERT_EQ(read(pair.server.get(), room, sizeof(room)), 1'000);
  EXPECT_EQ(amount_of(pair.server), 24U);
}

TEST_F(ExtendedTest, TheEndOfATcpConnectionIsNoByte) {
  TcpPair pair = tcp_pair();
  send_bytes(pair.client, 10);
  pair.client.reset();
  add(pair.server, EPOLLIN | EPOLLRDHUP);
  wait_until("the end has come", [&] {
    const auto events = ready();
    return !events.empty() && (events[0].events & EPOLLRDHUP);
  });
  EXPECT_THAT(ready(), ElementsAre(Amount(10)));
  char room[10];
  ASSERT_EQ(read(pair.server.get(), room, sizeof(room)), 10);
  EXPECT_THAT(ready(), ElementsAre(Amount(0)));
}

// A read stops before it, and what is behind it has no event of its own.
TEST_F(ExtendedTest, BytesOfTcpWithUrgentDataAreUnknownUnlessItIsInLine) {
  const TcpPair pair = tcp_pair();
  send_bytes(pair.client, 5);
  send_bytes(pair.client, 1, MSG_OOB);
  send_bytes(pair.client, 7);
  const auto in_line = [&](int on) {
    checked(setsockopt(pair.server.get(), SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on)),
            "SO_OOBINLINE");
  };
  in_line(1);
  wait_for_bytes(pair.server, 13);
  EXPECT_EQ(amount_of(pair.server), 13U);
  in_line(0);
  wait_for_bytes(pair.server, 5);
  EXPECT_EQ(amount_of(pair.server), XPOLL_AMOUNT_UNKNOWN);
}

TEST_F(ExtendedTest, BacklogOfTcp) {
  const TcpListener listener;
  std::vector<unique_fd> clients;
  for (std::uint32_t count = 1; count <= 3; ++count) {
    clients.push_back(listener.connect());
    add(listener.fd());
    wait_until("the connection waits", [&] {
      const auto events = ready();
      return !events.empty() && events[0].amount == count;
    });
    ASSERT_THAT(backend_.del(ep_.get(), listener.get()), SyscallSucceeds());
  }
  const unique_fd accepted = listener.accept();
  EXPECT_EQ(amount_of(listener.fd()), 2U);
}

TEST_F(ExtendedTest, UnconnectedTcpHasNoBytes) {
  const unique_fd socket = checked_fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");
  add(socket);
  EXPECT_THAT(ready(), ElementsAre(AllOf(Bits(EPOLLHUP), Amount(0))));
}

// Its queue has encrypted bytes, which are more than a read returns.
TEST_F(ExtendedTest, KernelTlsIsUnknown) {
  const TcpPair pair = tcp_pair();
  send_bytes(pair.client, 10);
  wait_for_bytes(pair.server, 10);
  EXPECT_EQ(amount_of(pair.server), 10U);
  if (setsockopt(pair.server.get(), SOL_TCP, TCP_ULP, "tls", sizeof("tls")) < 0)
    GTEST_SKIP() << "no kernel TLS: " << errno_text(errno);
  struct tls12_crypto_info_aes_gcm_128 info {};
  info.info.version = TLS_1_2_VERSION;
  info.info.cipher_type = TLS_CIPHER_AES_GCM_128;
  if (setsockopt(pair.server.get(), SOL_TLS, TLS_RX, &info, sizeof(info)) < 0)
    GTEST_SKIP() << "no AES-GCM: " << errno_text(errno);
  add(pair.server, EPOLLIN | EPOLLOUT);
  EXPECT_THAT(ready(), ElementsAre(Amount(XPOLL_AMOUNT_UNKNOWN)));
}

TEST_F(ExtendedTest, FirstDatagramOfUdp) {
  const auto [a, b] = udp_pair();
  add(b, EPOLLIN | EPOLLOUT);
  EXPECT_THAT(ready(), ElementsAre(AllOf(Bits(EPOLLOUT), Amount(XPOLL_AMOUNT_UNKNOWN))));
  send_bytes(a, 100);
  send_bytes(a, 0);
  send_bytes(a, 7);
  for (const std::uint32_t size : {100, 0, 7}) {
    wait_until_readable(b);
    EXPECT_THAT(ready(), ElementsAre(Amount(size)));
    char room[200];
    ASSERT_EQ(recv(b.get(), room, sizeof(room), 0), static_cast<ssize_t>(size));
  }
}

TEST_F(ExtendedTest, FirstPacketOfUnixSockets) {
  for (const int type : {SOCK_DGRAM, SOCK_SEQPACKET}) {
    SCOPED_TRACE(type);
    const auto [a, b] = unix_pair(type);
    send_bytes(a, 40);
    send_bytes(a, 2);
    EXPECT_EQ(amount_of(b), 40U);
    char room[100];
    ASSERT_EQ(read(b.get(), room, sizeof(room)), 40);
    EXPECT_EQ(amount_of(b), 2U);
  }
}

TEST_F(ExtendedTest, BacklogOfUnix) {
  const unique_fd listener = checked_fd(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  checked(bind(listener.get(), reinterpret_cast<const sockaddr*>(&name), sizeof(sa_family_t)),
          "bind");
  socklen_t size = sizeof(name);
  checked(getsockname(listener.get(), reinterpret_cast<sockaddr*>(&name), &size), "getsockname");
  checked(listen(listener.get(), 8), "listen");
  std::vector<unique_fd> clients;
  for (std::uint32_t count = 1; count <= 3; ++count) {
    clients.push_back(checked_fd(socket(AF_UNIX, SOCK_STREAM, 0), "socket"));
    checked(connect(clients.back().get(), reinterpret_cast<const sockaddr*>(&name), size),
            "connect");
    EXPECT_EQ(amount_of(listener), count);
  }
}

TEST_F(ExtendedTest, OthersAreUnknown) {
  const auto [a, b] = unix_pair();
  send_bytes(a, 10);
  EXPECT_EQ(amount_of(b), XPOLL_AMOUNT_UNKNOWN);
  const Pipe pipe = make_pipe();
  write_all(pipe.writer, "x");
  EXPECT_EQ(amount_of(pipe.reader), XPOLL_AMOUNT_UNKNOWN);
  const unique_fd inner = backend_.instance();
  const unique_fd file = make_eventfd(1);
  ASSERT_THAT(backend_.add(inner.get(), file.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_EQ(amount_of(inner), XPOLL_AMOUNT_UNKNOWN);
}

TEST_F(ExtendedTest, EventOfTheInstance) {
  std::uint64_t data = 77;
  ASSERT_THAT(ioctl(ep_.get(), XPOLL_IOC_POST, &data), SyscallSucceeds());
  EXPECT_THAT(ready(), ElementsAre(AllOf(Bits(EPOLLIN), Data(77), Cookie(XPOLL_COOKIE_NONE),
                                         Amount(XPOLL_AMOUNT_UNKNOWN), NoTime())));
  EXPECT_THAT(ready(), IsEmpty());
}

TEST_F(ExtendedTest, DeliveryIsEpolls) {
  std::vector<unique_fd> files;
  for (const std::uint32_t events : {EPOLLIN + 0U, EPOLLIN | EPOLLET, EPOLLIN | EPOLLONESHOT}) {
    files.push_back(make_eventfd(1));
    add(files.back(), events);
  }
  ExtendedWait two(ep_.get(), 2);
  ASSERT_THAT(two.call(), SyscallSucceedsWithValue(2));
  EXPECT_THAT(two.events(), ElementsAre(Data(files[0].get()), Data(files[1].get())));
  EXPECT_THAT(ready(), ElementsAre(Data(files[2].get()), Data(files[0].get())));
  EXPECT_THAT(ready(), ElementsAre(Data(files[0].get())));
}

TEST_F(ExtendedTest, OneshotThatAChangeArms) {
  const unique_fd file = make_eventfd(1);
  std::vector<struct xpoll_change> changes{
      change_of(EPOLL_CTL_ADD, file.get(), EPOLLIN | EPOLLONESHOT)};
  ExtendedWait wait(ep_.get());
  wait.arguments.changes = address(changes.data());
  wait.arguments.nchanges = 1;
  ASSERT_THAT(wait.call(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(wait.events(), ElementsAre(AllOf(Bits(EPOLLIN), Data(file.get()))));
  EXPECT_EQ(changes[0].result, 0);
  EXPECT_EQ(wait.arguments.done, 1U);
  EXPECT_THAT(ready(), IsEmpty());
}

TEST_F(ExtendedTest, SleepsUntilAnEventComes) {
  const unique_fd file = make_eventfd();
  add(file);
  ExtendedWait wait(ep_.get());
  wait.arguments.timeout_ns = -1;
  Thread waiter([&] { wait.call(); });
  waiter.wait_until_asleep_in_wait();
  post(file);
  waiter.join();
  EXPECT_THAT(wait.events(), ElementsAre(Data(file.get())));
}

TEST_F(ExtendedTest, TimeoutExpires) {
  ExtendedWait wait(ep_.get());
  wait.arguments.timeout_ns = 1'000'000;
  wait.arguments.batch = ~0ULL;
  EXPECT_THAT(wait.call(), SyscallSucceedsWithValue(0));
  EXPECT_THAT(wait.arguments.batch, testing::AnyOf(0U, ~0ULL));
  EXPECT_TRUE(wait.rest_is_untouched());
}

TEST_F(ExtendedTest, WaitsForAMinimum) {
  const unique_fd first = make_eventfd(1);
  const unique_fd second = make_eventfd();
  add(first);
  add(second);
  ExtendedWait wait(ep_.get());
  wait.arguments.timeout_ns = -1;
  wait.arguments.minevents = 2;
  Thread waiter([&] { wait.call(); });
  waiter.wait_until_asleep_in_wait();
  post(second);
  waiter.join();
  EXPECT_THAT(wait.events(), ElementsAre(Data(first.get()), Data(second.get())));
  wait.arguments.minevents = 3;
  wait.arguments.min_wait_ns = 1'000'000;
  EXPECT_THAT(wait.call(), SyscallSucceedsWithValue(2));
}

TEST_F(ExtendedTest, ABatchOfSeveralHasANumberOfItsOwn) {
  const unique_fd first = make_eventfd(1);
  const unique_fd second = make_eventfd(1);
  add(first);
  add(second);
  std::uint64_t last = 0;
  for (const unsigned minimum : {1, 2, 2, 1, 2}) {
    ExtendedWait wait(ep_.get());
    wait.arguments.timeout_ns = -1;
    wait.arguments.minevents = minimum;
    ASSERT_THAT(wait.call(), SyscallSucceedsWithValue(2));
    EXPECT_GT(wait.arguments.batch, last);
    last = wait.arguments.batch;
  }
}

TEST_F(ExtendedTest, AfterAStopThereIsNoSleep) {
  std::vector<struct xpoll_change> changes{change_of(EPOLL_CTL_DEL, ep_.get())};
  ExtendedWait wait(ep_.get());
  wait.arguments.changes = address(changes.data());
  wait.arguments.nchanges = 1;
  wait.arguments.flags |= XPOLL_ENTER_STOP;
  for (const unsigned minimum : {1, 2}) {
    wait.arguments.minevents = minimum;
    wait.arguments.timeout_ns = 30'000'000'000;  // ends a test that has failed
    const long sleeps = sleeps_of_this_thread();
    EXPECT_THAT(wait.call(), SyscallSucceedsWithValue(0));
    EXPECT_EQ(sleeps_of_this_thread(), sleeps);
    EXPECT_EQ(wait.arguments.failed, 1U);
  }
}

TEST_F(ExtendedTest, BatchesAreNumbered) {
  const unique_fd file = make_eventfd(1);
  add(file);
  std::uint64_t last = 0;
  for (int i = 0; i < 3; ++i) {
    ExtendedWait wait(ep_.get());
    wait.arguments.batch = ~0ULL;
    ASSERT_THAT(wait.call(), SyscallSucceedsWithValue(1));
    EXPECT_GT(wait.arguments.batch, last);
    last = wait.arguments.batch;
  }
  EXPECT_LT(last, 100U);
}

// The number is gone when the wait finds out that nothing is ready, or can store nothing.
TEST_F(ExtendedTest, NoEventsHaveNoBatch) {
  const GuardedMemory memory;
  const unique_fd file = make_eventfd(1);
  add(file, EPOLLIN | EPOLLET);
  ExtendedWait wait(ep_.get());
  wait.arguments.events = address(memory.inaccessible<char>());
  ASSERT_THAT(wait.call(), SyscallFailsWithErrno(EFAULT));
  EXPECT_EQ(wait.arguments.batch, 0U);
  ASSERT_THAT(ExtendedWait(ep_.get()).call(), SyscallSucceedsWithValue(1));
  post(file);
  take(file);
  ExtendedWait empty(ep_.get());
  ASSERT_THAT(empty.call(), SyscallSucceedsWithValue(0));
  EXPECT_EQ(empty.arguments.batch, 0U);
}

TEST_F(ExtendedTest, MemoryThatEnds) {
  const GuardedMemory memory;
  std::vector<unique_fd> files;
  for (int i = 0; i < 3; ++i) {
    files.push_back(make_eventfd(1));
    add(files.back(), EPOLLIN | EPOLLET);
  }
  ExtendedWait wait(ep_.get());
  wait.arguments.events = address(memory.last<struct xpoll_event>(2));
  EXPECT_THAT(wait.call(), SyscallSucceedsWithValue(2));
  wait.arguments.events = address(memory.cut_after<struct xpoll_event>(31));
  EXPECT_THAT(wait.call(), SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(ready(), ElementsAre(Data(files[2].get())));
}

TEST_F(ExtendedTest, EventsOutsideUserSpaceAreEfault) {
  ExtendedWait wait(ep_.get());
  wait.arguments.events = std::uint64_t{1} << 63;
  EXPECT_THAT(wait.call(), SyscallFailsWithErrno(EFAULT));
#ifdef __x86_64__
  // Its user space ends here; 32 bytes each end outside, 12 bytes each would not.
  wait.arguments.events = (std::uint64_t{1} << 47) - 4096 - 16 * 16;
  EXPECT_THAT(wait.call(), SyscallFailsWithErrno(EFAULT));
#endif
}

TEST_F(ExtendedTest, BatchWithoutTheFlagIsEinval) {
  ExtendedWait wait(ep_.get());
  wait.arguments.flags = 0;
  wait.arguments.batch = 1;
  EXPECT_THAT(wait.call(), SyscallFailsWithErrno(EINVAL));
}

TEST_F(ExtendedTest, OnARingItIsEinval) {
  const RingInstance ring;
  ExtendedWait wait(ring.get());
  EXPECT_THAT(wait.call(), SyscallFailsWithErrno(EINVAL));
  wait.arguments.flags |= XPOLL_ENTER_RING;
  wait.arguments.maxevents = 0;
  EXPECT_THAT(wait.call(), SyscallFailsWithErrno(EINVAL));
}

// Fast Open without a cookie: the socket has room for output before its handshake.
TEST_F(ExtendedTest, AConnectionThatIsBeingSetUpIsUnknown) {
  const TcpListener listener;
  const unique_fd socket = checked_fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");
  const int on = 1;
  for (const int option : {TCP_FASTOPEN_NO_COOKIE, TCP_FASTOPEN_CONNECT})
    if (setsockopt(socket.get(), IPPROTO_TCP, option, &on, sizeof(on)) < 0)
      GTEST_SKIP() << "no TCP Fast Open: " << errno_text(errno);
  ASSERT_THAT(connect(socket.get(), reinterpret_cast<const sockaddr*>(&listener.address()),
                      sizeof(sockaddr_in)),
              SyscallSucceeds());
  add(socket, EPOLLOUT);
  EXPECT_THAT(ready(), ElementsAre(AllOf(Bits(EPOLLOUT), Amount(XPOLL_AMOUNT_UNKNOWN))));
}

}  // namespace
}  // namespace xpoll::test
