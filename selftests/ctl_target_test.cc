// SPDX-License-Identifier: GPL-2.0-only
// What can be watched, and what counts as an instance.
#include <fcntl.h>
#include <sys/mman.h>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/matchers.h"

namespace xpoll_test {
namespace {

class CtlTargetTest : public EachBackend {
 protected:
  // The same answer from every op: the target is judged before the op is.
  template <typename Failure>
  void expectEveryOp(int epfd, int fd, const Failure& failure) {
    for (const int op : {EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL, 99}) {
      epoll_event event{};
      EXPECT_THAT(backend_.ctl(epfd, op, fd, &event), failure) << "op " << op;
    }
  }

  Fd open(const char* path, int flags) { return checkedFd(::open(path, flags | O_CLOEXEC), path); }

  int closedFd() { return makeEventfd().get(); }
};
XPOLL_FOR_EACH_BACKEND(CtlTargetTest);

TEST_P(CtlTargetTest, AClosedInstanceDescriptorIsEbadf) {
  const Fd watched = makeEventfd();
  const Fd ep = backend_.instance();
  const int closed = ep.dup().get();
  expectEveryOp(closed, watched.get(), SyscallFailsWithErrno(EBADF));
  expectEveryOp(-1, watched.get(), SyscallFailsWithErrno(EBADF));
}

TEST_P(CtlTargetTest, AClosedTargetDescriptorIsEbadf) {
  const Fd ep = backend_.instance();
  expectEveryOp(ep.get(), closedFd(), SyscallFailsWithErrno(EBADF));
  expectEveryOp(ep.get(), -1, SyscallFailsWithErrno(EBADF));
}

TEST_P(CtlTargetTest, AnOPathTargetIsEbadf) {
  const Fd ep = backend_.instance();
  const Fd path = open("/dev/tty", O_PATH);
  expectEveryOp(ep.get(), path.get(), SyscallFailsWithErrno(EBADF));
}

TEST_P(CtlTargetTest, AnOPathInstanceIsEbadf) {
  const Fd watched = makeEventfd();
  const Fd path = open("/dev/tty", O_PATH);
  expectEveryOp(path.get(), watched.get(), SyscallFailsWithErrno(EBADF));
}

TEST_P(CtlTargetTest, ARegularFileIsEperm) {
  const Fd ep = backend_.instance();
  const Fd file = checkedFd(memfd_create("regular", MFD_CLOEXEC), "memfd_create");
  expectEveryOp(ep.get(), file.get(), SyscallFailsWithErrno(EPERM));
}

TEST_P(CtlTargetTest, ADirectoryIsEperm) {
  const Fd ep = backend_.instance();
  const Fd directory = open("/", O_RDONLY | O_DIRECTORY);
  expectEveryOp(ep.get(), directory.get(), SyscallFailsWithErrno(EPERM));
}

TEST_P(CtlTargetTest, DevNullIsEperm) {
  const Fd ep = backend_.instance();
  const Fd null = open("/dev/null", O_RDWR);
  expectEveryOp(ep.get(), null.get(), SyscallFailsWithErrno(EPERM));
}

TEST_P(CtlTargetTest, TheInstanceItselfIsEinval) {
  const Fd ep = backend_.instance();
  expectEveryOp(ep.get(), ep.get(), SyscallFailsWithErrno(EINVAL));
}

TEST_P(CtlTargetTest, ADupOfTheInstanceItselfIsEinval) {
  const Fd ep = backend_.instance();
  const Fd dup = ep.dup();
  expectEveryOp(ep.get(), dup.get(), SyscallFailsWithErrno(EINVAL));
  expectEveryOp(dup.get(), ep.get(), SyscallFailsWithErrno(EINVAL));
}

TEST_P(CtlTargetTest, ADescriptorThatIsNoInstanceIsEinval) {
  const Fd watched = makeEventfd();
  const Pipe pipe = makePipe();
  const Fd file = checkedFd(memfd_create("regular", MFD_CLOEXEC), "memfd_create");
  expectEveryOp(pipe.reader.get(), watched.get(), SyscallFailsWithErrno(EINVAL));
  expectEveryOp(file.get(), watched.get(), SyscallFailsWithErrno(EINVAL));
}

TEST_P(CtlTargetTest, AddOfANativeInstanceIsForNativeAloneAndEinvalToXpoll) {
  const Fd ep = backend_.instance();
  const Fd native = Backend::native().instance();
  if (differs(backend_, Difference::kRefusesNativeEpollTarget))
    EXPECT_THAT(backend_.add(ep.get(), native.get(), EPOLLIN), SyscallFailsWithErrno(EINVAL));
  else
    EXPECT_THAT(backend_.add(ep.get(), native.get(), EPOLLIN), SyscallSucceeds());
}

// So it is to the other ops what any unwatched descriptor is.
TEST_P(CtlTargetTest, ModAndDelOfANativeInstanceThatIsNotWatchedAreEnoent) {
  const Fd ep = backend_.instance();
  const Fd native = Backend::native().instance();
  EXPECT_THAT(backend_.mod(ep.get(), native.get(), EPOLLIN), SyscallFailsWithErrno(ENOENT));
  EXPECT_THAT(backend_.del(ep.get(), native.get()), SyscallFailsWithErrno(ENOENT));
}

}  // namespace
}  // namespace xpoll_test
