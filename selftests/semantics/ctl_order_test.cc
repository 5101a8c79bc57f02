// SPDX-License-Identifier: GPL-2.0-only
// If two errors apply, the earlier check wins. Each test covers one adjacent pair of epoll's
// checks, in this order: EFAULT, EBADF, EPERM, EINVAL (not an instance, or itself), EINVAL
// (EXCLUSIVE), ELOOP, EEXIST and ENOENT, EINVAL (op), ENOSPC, EINVAL (wake-up paths). quota_test.cc
// has the pairs with ENOSPC. EINVAL before EINVAL can't be distinguished, and ELOOP can't occur
// together with EEXIST, because an existing link is a legal one.
#include <fcntl.h>
#include <sys/mman.h>

#include "tools/util/descriptors.h"
#include "util/each_backend.h"
#include "util/guarded_memory.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

constexpr int kUnknownOp = 99;
constexpr int kNotOpen = -1;

class CtlOrderTest : public EachBackend {
 protected:
  unique_fd unpollable() {
    return checked_fd(memfd_create("regular", MFD_CLOEXEC), "memfd_create");
  }
};
XPOLL_FOR_EACH_BACKEND(CtlOrderTest);

TEST_P(CtlOrderTest, EfaultOfTheEventComesBeforeEbadfOfTheInstance) {
  const GuardedMemory memory;
  const unique_fd watched = make_eventfd();
  for (const int op : {EPOLL_CTL_ADD, EPOLL_CTL_MOD, kUnknownOp})
    EXPECT_THAT(backend_.ctl(kNotOpen, op, watched.get(), memory.inaccessible<epoll_event>()),
                SyscallFailsWithErrno(EFAULT))
        << "op " << op;
}

TEST_P(CtlOrderTest, EfaultOfTheEventComesBeforeEbadfOfTheTarget) {
  const GuardedMemory memory;
  const unique_fd ep = backend_.instance();
  for (const int op : {EPOLL_CTL_ADD, EPOLL_CTL_MOD, kUnknownOp})
    EXPECT_THAT(backend_.ctl(ep.get(), op, kNotOpen, memory.inaccessible<epoll_event>()),
                SyscallFailsWithErrno(EFAULT))
        << "op " << op;
}

TEST_P(CtlOrderTest, EfaultOfTheEventComesBeforeEinvalOfADescriptorThatIsNoInstance) {
  const GuardedMemory memory;
  const unique_fd watched = make_eventfd();
  const unique_fd other = make_eventfd();
  EXPECT_THAT(
      backend_.ctl(other.get(), EPOLL_CTL_ADD, watched.get(), memory.inaccessible<epoll_event>()),
      SyscallFailsWithErrno(EFAULT));
}

TEST_P(CtlOrderTest, EfaultOfTheEventComesBeforeEinvalOfTheOp) {
  const GuardedMemory memory;
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd();
  EXPECT_THAT(backend_.ctl(ep.get(), kUnknownOp, watched.get(), memory.inaccessible<epoll_event>()),
              SyscallFailsWithErrno(EFAULT));
}

TEST_P(CtlOrderTest, EbadfOfTheInstanceComesBeforeEpermOfTheTarget) {
  EXPECT_THAT(backend_.add(kNotOpen, unpollable().get(), EPOLLIN), SyscallFailsWithErrno(EBADF));
}

TEST_P(CtlOrderTest, EbadfOfTheTargetComesBeforeItsEperm) {
  const unique_fd ep = backend_.instance();
  const unique_fd path = checked_fd(open("/", O_PATH | O_CLOEXEC), "open /");
  EXPECT_THAT(backend_.add(ep.get(), path.get(), EPOLLIN), SyscallFailsWithErrno(EBADF));
}

TEST_P(CtlOrderTest, EbadfOfTheTargetComesBeforeEinvalOfADescriptorThatIsNoInstance) {
  const unique_fd other = make_eventfd();
  EXPECT_THAT(backend_.add(other.get(), kNotOpen, EPOLLIN), SyscallFailsWithErrno(EBADF));
}

TEST_P(CtlOrderTest, EpermOfTheTargetComesBeforeEinvalOfADescriptorThatIsNoInstance) {
  const unique_fd other = make_eventfd();
  EXPECT_THAT(backend_.add(other.get(), unpollable().get(), EPOLLIN), SyscallFailsWithErrno(EPERM));
}

TEST_P(CtlOrderTest, EpermOfTheTargetComesBeforeEinvalOfExclusive) {
  const unique_fd ep = backend_.instance();
  EXPECT_THAT(backend_.add(ep.get(), unpollable().get(), EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT),
              SyscallFailsWithErrno(EPERM));
}

TEST_P(CtlOrderTest, EinvalOfTheInstanceItselfComesBeforeEloop) {
  const unique_fd ep = backend_.instance();
  EXPECT_THAT(backend_.add(ep.get(), ep.get(), EPOLLIN), SyscallFailsWithErrno(EINVAL));
}

TEST_P(CtlOrderTest, EinvalOfTheInstanceItselfComesBeforeEnoent) {
  const unique_fd ep = backend_.instance();
  EXPECT_THAT(backend_.del(ep.get(), ep.get()), SyscallFailsWithErrno(EINVAL));
}

TEST_P(CtlOrderTest, EinvalOfExclusiveComesBeforeEloop) {
  const unique_fd ep = backend_.instance();
  const unique_fd above = backend_.instance();
  ASSERT_THAT(backend_.add(above.get(), ep.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.add(ep.get(), above.get(), EPOLLIN | EPOLLEXCLUSIVE),
              SyscallFailsWithErrno(EINVAL));
}

TEST_P(CtlOrderTest, EinvalOfExclusiveComesBeforeEexist) {
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT),
              SyscallFailsWithErrno(EINVAL));
}

TEST_P(CtlOrderTest, EinvalOfExclusiveComesBeforeEnoent) {
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd();
  EXPECT_THAT(backend_.mod(ep.get(), watched.get(), EPOLLIN | EPOLLEXCLUSIVE),
              SyscallFailsWithErrno(EINVAL));
}

TEST_P(CtlOrderTest, EnoentComesBeforeEinvalOfModOfAnExclusiveItem) {
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd();
  const unique_fd dup = duplicate(watched);
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN | EPOLLEXCLUSIVE), SyscallSucceeds());
  EXPECT_THAT(backend_.mod(ep.get(), dup.get(), EPOLLIN), SyscallFailsWithErrno(ENOENT));
}

TEST_P(CtlOrderTest, OnlyAddIsCheckedForLoops) {
  const unique_fd ep = backend_.instance();
  const unique_fd above = backend_.instance();
  ASSERT_THAT(backend_.add(above.get(), ep.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.mod(ep.get(), above.get(), EPOLLIN), SyscallFailsWithErrno(ENOENT));
  EXPECT_THAT(backend_.del(ep.get(), above.get()), SyscallFailsWithErrno(ENOENT));
}

}  // namespace
}  // namespace xpoll::test
