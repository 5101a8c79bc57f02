// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_CHANGE_ONLY: a watch without EPOLLERR and EPOLLHUP, unless they are asked for.
#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "util/close_removes.h"
#include "util/cookie.h"
#include "util/matchers.h"

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

TEST_F(ChangeOnlyTest, HangUpLaterWakesNobody) {
  Pipe pipe = make_pipe();
  struct xpoll_change change = change_of(EPOLL_CTL_ADD, pipe.reader.get(), EPOLLIN | EPOLLET);
  change.flags = XPOLL_CHANGE_ONLY;
  ASSERT_THAT(make_change(ep_.get(), change), SyscallSucceeds());
  pipe.writer.reset();
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
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
