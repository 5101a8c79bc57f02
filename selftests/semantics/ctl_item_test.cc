// SPDX-License-Identifier: GPL-2.0-only
// ADD, MOD and DEL of one descriptor.
#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "util/each_backend.h"
#include "util/guarded_memory.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

class CtlItemTest : public EachBackend {
 protected:
  const unique_fd watched_ = make_eventfd(1);
  // If this fails, EachBackend::SetUp() reports the reason and the test does not run.
  const unique_fd ep_{backend_.create1(EPOLL_CLOEXEC)};
};
XPOLL_FOR_EACH_BACKEND(CtlItemTest);

TEST_P(CtlItemTest, AddReturnsZero) {
  EXPECT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallSucceedsWithValue(0));
}

TEST_P(CtlItemTest, ModReturnsZero) {
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.mod(ep_.get(), watched_.get(), EPOLLOUT), SyscallSucceedsWithValue(0));
}

TEST_P(CtlItemTest, DelReturnsZero) {
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.del(ep_.get(), watched_.get()), SyscallSucceedsWithValue(0));
}

TEST_P(CtlItemTest, TheDataOfAddComesBackWithTheEvent) {
  constexpr std::uint64_t kData = 0xfedc'ba98'7654'3210;
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN, kData), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(kData, EPOLLIN)));
}

TEST_P(CtlItemTest, ModReplacesMaskAndData) {
  constexpr std::uint64_t kData = ~std::uint64_t{0};
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.mod(ep_.get(), watched_.get(), EPOLLOUT, kData), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(kData, EPOLLOUT)));
}

TEST_P(CtlItemTest, DelTakesAReadyItemOffTheReadyList) {
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.del(ep_.get(), watched_.get()), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
}

TEST_P(CtlItemTest, AfterDelTheDescriptorCanBeAddedAgain) {
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN, 1), SyscallSucceeds());
  ASSERT_THAT(backend_.del(ep_.get(), watched_.get()), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN, 2), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(2, EPOLLIN)));
}

TEST_P(CtlItemTest, AddOfAWatchedDescriptorIsEexistAndChangesNothing) {
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN, 1), SyscallSucceeds());
  EXPECT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLOUT, 2), SyscallFailsWithErrno(EEXIST));
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(1, EPOLLIN)));
}

TEST_P(CtlItemTest, ModOfAnUnwatchedDescriptorIsEnoent) {
  EXPECT_THAT(backend_.mod(ep_.get(), watched_.get(), EPOLLIN), SyscallFailsWithErrno(ENOENT));
}

TEST_P(CtlItemTest, DelOfAnUnwatchedDescriptorIsEnoent) {
  EXPECT_THAT(backend_.del(ep_.get(), watched_.get()), SyscallFailsWithErrno(ENOENT));
}

TEST_P(CtlItemTest, ASecondDelIsEnoent) {
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.del(ep_.get(), watched_.get()), SyscallSucceeds());
  EXPECT_THAT(backend_.del(ep_.get(), watched_.get()), SyscallFailsWithErrno(ENOENT));
}

TEST_P(CtlItemTest, AnUnknownOpIsEinvalWhetherWatchedOrNot) {
  for (const int op : {0, EPOLL_CTL_MOD + 1, -1, 1 << 16}) {
    epoll_event event{};
    EXPECT_THAT(backend_.ctl(ep_.get(), op, watched_.get(), &event), SyscallFailsWithErrno(EINVAL))
        << op;
  }
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  for (const int op : {0, EPOLL_CTL_MOD + 1, -1, 1 << 16}) {
    epoll_event event{};
    EXPECT_THAT(backend_.ctl(ep_.get(), op, watched_.get(), &event), SyscallFailsWithErrno(EINVAL))
        << op;
  }
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(watched_.get(), EPOLLIN)));
}

TEST_P(CtlItemTest, DelIgnoresTheEvent) {
  const GuardedMemory memory;
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(
      backend_.ctl(ep_.get(), EPOLL_CTL_DEL, watched_.get(), memory.inaccessible<epoll_event>()),
      SyscallSucceeds());
}

TEST_P(CtlItemTest, AnEventThatCannotBeReadIsEfaultAndChangesNothing) {
  const GuardedMemory memory;
  auto* const unreadable = memory.inaccessible<epoll_event>();
  EXPECT_THAT(backend_.ctl(ep_.get(), EPOLL_CTL_ADD, watched_.get(), unreadable),
              SyscallFailsWithErrno(EFAULT));
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ctl(ep_.get(), EPOLL_CTL_MOD, watched_.get(), unreadable),
              SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(watched_.get(), EPOLLIN)));
}

TEST_P(CtlItemTest, AnEventWhoseLastByteCannotBeReadIsEfault) {
  const GuardedMemory memory;
  auto* const cut = memory.cut_after<epoll_event>(sizeof(epoll_event) - 1);
  EXPECT_THAT(backend_.ctl(ep_.get(), EPOLL_CTL_ADD, watched_.get(), cut),
              SyscallFailsWithErrno(EFAULT));
}

TEST_P(CtlItemTest, AnEventAtTheVeryEndOfAMappingIsRead) {
  const GuardedMemory memory;
  auto* const event = memory.last<epoll_event>();
  event->events = EPOLLIN;
  EXPECT_THAT(backend_.ctl(ep_.get(), EPOLL_CTL_ADD, watched_.get(), event), SyscallSucceeds());
}

TEST_P(CtlItemTest, TheEventNeedNotBeWritable) {
  GuardedMemory memory;
  auto* const event = memory.last<epoll_event>();
  event->events = EPOLLIN;
  memory.make_read_only();
  EXPECT_THAT(backend_.ctl(ep_.get(), EPOLL_CTL_ADD, watched_.get(), event), SyscallSucceeds());
}

TEST_P(CtlItemTest, TheCallersEventIsNotWrittenTo) {
  epoll_event event{};
  event.events = EPOLLIN;
  ASSERT_THAT(backend_.ctl(ep_.get(), EPOLL_CTL_ADD, watched_.get(), &event), SyscallSucceeds());
  EXPECT_THAT(event, Event(0, EPOLLIN));
  ASSERT_THAT(backend_.ctl(ep_.get(), EPOLL_CTL_MOD, watched_.get(), &event), SyscallSucceeds());
  EXPECT_THAT(event, Event(0, EPOLLIN));
}

// Only how ctl treats the forced bits. The delivery tests cover what they deliver.
TEST_P(CtlItemTest, AddAndModForceErrAndHupOn) {
  TcpPair tcp = tcp_pair();
  ASSERT_THAT(backend_.add(ep_.get(), tcp.server.get(), 0), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  checked(shutdown(tcp.server.get(), SHUT_WR), "shutdown");
  tcp.client.reset();
  EXPECT_THAT(backend_.ready(ep_.get(), -1), Events(Event(tcp.server.get(), EPOLLHUP)));
  ASSERT_THAT(backend_.mod(ep_.get(), tcp.server.get(), 0), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(tcp.server.get(), EPOLLHUP)));
}

}  // namespace
}  // namespace xpoll::test
