// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_CHANGE_ONLY: a watch without EPOLLERR and EPOLLHUP, unless they are asked for.
#include <netinet/in.h>
#include <sys/socket.h>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "util/close_removes.h"
#include "util/cookie.h"
#include "util/matchers.h"
#include "util/sleep_watch.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

class ChangeOnlyTest : public XpollOnly {
 protected:
  ChangeOnlyTest() {
    Pipe pipe = make_pipe();
    reader_ = std::move(pipe.reader);
    pipe.writer.reset();  // POLLHUP
  }

  int only(int op, std::uint32_t events) const {
    struct xpoll_change change = change_of(op, reader_.get(), events);
    change.flags = XPOLL_CHANGE_ONLY;
    return make_change(ep_.get(), change);
  }

  const unique_fd ep_ = backend_.instance();
  unique_fd reader_;
};

TEST_F(ChangeOnlyTest, HangUpIsNotReported) {
  ASSERT_THAT(only(EPOLL_CTL_ADD, EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  EXPECT_EQ(watches_of(ep_.get()).at(0).events, static_cast<std::uint32_t>(EPOLLIN));
}

TEST_F(ChangeOnlyTest, ErrorIsNotReported) {
  Pipe pipe = make_pipe();
  pipe.reader.reset();  // POLLERR
  struct xpoll_change change = change_of(EPOLL_CTL_ADD, pipe.writer.get(), EPOLLPRI);
  change.flags = XPOLL_CHANGE_ONLY;
  ASSERT_THAT(make_change(ep_.get(), change), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
}

TEST_F(ChangeOnlyTest, AnEventThatIsAskedForIs) {
  ASSERT_THAT(only(EPOLL_CTL_ADD, EPOLLHUP), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(reader_.get(), EPOLLHUP)));
}

TEST_F(ChangeOnlyTest, AnErrorThatIsAskedForIs) {
  Pipe pipe = make_pipe();
  pipe.reader.reset();  // POLLERR, and POLLOUT
  struct xpoll_change change = change_of(EPOLL_CTL_ADD, pipe.writer.get(), EPOLLERR);
  change.flags = XPOLL_CHANGE_ONLY;
  ASSERT_THAT(make_change(ep_.get(), change), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(pipe.writer.get(), EPOLLERR)));
}

TEST_F(ChangeOnlyTest, UpsertThatAdds) {
  ASSERT_THAT(only(XPOLL_CTL_UPSERT, EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  EXPECT_EQ(watches_of(ep_.get()).at(0).events, static_cast<std::uint32_t>(EPOLLIN));
}

TEST_F(ChangeOnlyTest, GoesWithExclusive) {
  ASSERT_THAT(only(EPOLL_CTL_ADD, EPOLLIN | EPOLLEXCLUSIVE), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  EXPECT_EQ(watches_of(ep_.get()).at(0).events,
            static_cast<std::uint32_t>(EPOLLIN | EPOLLEXCLUSIVE));
}

TEST_F(ChangeOnlyTest, HangUpLaterIsNotReported) {
  Pipe pipe = make_pipe();
  struct xpoll_change change = change_of(EPOLL_CTL_ADD, pipe.reader.get(), EPOLLIN | EPOLLET);
  change.flags = XPOLL_CHANGE_ONLY;
  ASSERT_THAT(make_change(ep_.get(), change), SyscallSucceeds());
  pipe.writer.reset();
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
}

// A socket to which nobody listens. What comes of a packet to it is an error, of which the socket
// wakes whoever waits for EPOLLERR alone.
unique_fd lonely_socket() {
  sockaddr_in address{};
  socklen_t length = sizeof(address);
  {
    const auto [closed, sender] = udp_pair();
    checked(getsockname(closed.get(), reinterpret_cast<sockaddr*>(&address), &length), "name");
  }
  unique_fd fd = checked_fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
  checked(connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), length), "connect");
  return fd;
}

TEST_F(ChangeOnlyTest, AnErrorLaterWakesNobody) {
  const unique_fd socket = lonely_socket();
  const unique_fd end = make_eventfd();
  const unique_fd other = backend_.instance();
  // it is behind the other one in the socket's queue, so it is woken last
  ASSERT_THAT(backend_.add(other.get(), socket.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  struct xpoll_change change = change_of(EPOLL_CTL_ADD, socket.get(), EPOLLIN | EPOLLET);
  change.flags = XPOLL_CHANGE_ONLY;
  ASSERT_THAT(make_change(ep_.get(), change), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep_.get(), end.get(), EPOLLIN), SyscallSucceeds());
  Waiter waiter(backend_, ep_.get());
  Waiter woken(backend_, other.get());
  const SleepWatch asleep(waiter.tid());
  woken.wait_until_asleep();
  checked(static_cast<int>(send(socket.get(), "", 1, 0)), "send");
  EXPECT_THAT(woken.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(woken.events(), Events(Event(socket.get(), EPOLLERR)));
  EXPECT_TRUE(asleep.undisturbed());
  post(end);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events(), Events(Event(end.get(), EPOLLIN)));
}

TEST_F(ChangeOnlyTest, HoldsUntilTheNextChange) {
  ASSERT_THAT(backend_.add(ep_.get(), reader_.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(reader_.get(), EPOLLHUP)));
  ASSERT_THAT(only(EPOLL_CTL_MOD, EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  ASSERT_THAT(backend_.mod(ep_.get(), reader_.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(reader_.get(), EPOLLHUP)));
  ASSERT_THAT(only(XPOLL_CTL_UPSERT, EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
}

TEST_F(ChangeOnlyTest, GoesWithCookieAndClose) {
  const std::uint64_t cookie =
      add_with_cookie(ep_.get(), reader_.get(), EPOLLIN, 1, XPOLL_CHANGE_ONLY | XPOLL_CHANGE_CLOSE)
          .value();
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  ASSERT_THAT(mod_by_cookie(ep_.get(), cookie, EPOLLIN, 2), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(2, EPOLLHUP)));
  struct xpoll_change mod = change_by_cookie(EPOLL_CTL_MOD, cookie, EPOLLIN, 3);
  mod.flags |= XPOLL_CHANGE_ONLY;
  ASSERT_THAT(ioctl(ep_.get(), XPOLL_IOC_CHANGE, &mod), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  const unique_fd dup = duplicate(reader_);
  reader_.reset();
  EXPECT_THAT(watches_of(ep_.get()), testing::IsEmpty());
}

TEST_F(ChangeOnlyTest, IsNotForDel) {
  ASSERT_THAT(only(EPOLL_CTL_ADD, EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(only(EPOLL_CTL_DEL, 0), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(backend_.del(ep_.get(), reader_.get()), SyscallSucceeds());
}

}  // namespace
}  // namespace xpoll::test
