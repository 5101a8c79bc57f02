// SPDX-License-Identifier: GPL-2.0-only
// Which files can be watched, and which descriptors count as instances.
#include <fcntl.h>
#include <sys/mman.h>

#include "tools/util/descriptors.h"
#include "util/difference.h"
#include "util/each_backend.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

class CtlTargetTest : public EachBackend {
 protected:
  // Every op returns the same error, because the target is checked before the op.
  template <typename Failure>
  void expect_every_op(int epfd, int fd, const Failure& failure) {
    for (const int op : {EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL, 99}) {
      epoll_event event{};
      EXPECT_THAT(backend_.ctl(epfd, op, fd, &event), failure) << "op " << op;
    }
  }

  unique_fd open(const char* path, int flags) {
    return checked_fd(::open(path, flags | O_CLOEXEC), path);
  }

  int closed_fd() { return make_eventfd().get(); }
};
XPOLL_FOR_EACH_BACKEND(CtlTargetTest);

TEST_P(CtlTargetTest, AClosedInstanceDescriptorIsEbadf) {
  const unique_fd watched = make_eventfd();
  const unique_fd ep = backend_.instance();
  const int closed = duplicate(ep).get();
  expect_every_op(closed, watched.get(), SyscallFailsWithErrno(EBADF));
  expect_every_op(-1, watched.get(), SyscallFailsWithErrno(EBADF));
}

TEST_P(CtlTargetTest, AClosedTargetDescriptorIsEbadf) {
  const unique_fd ep = backend_.instance();
  expect_every_op(ep.get(), closed_fd(), SyscallFailsWithErrno(EBADF));
  expect_every_op(ep.get(), -1, SyscallFailsWithErrno(EBADF));
}

TEST_P(CtlTargetTest, AnOPathTargetIsEbadf) {
  const unique_fd ep = backend_.instance();
  const unique_fd path = open("/dev/tty", O_PATH);
  expect_every_op(ep.get(), path.get(), SyscallFailsWithErrno(EBADF));
}

TEST_P(CtlTargetTest, AnOPathInstanceIsEbadf) {
  const unique_fd watched = make_eventfd();
  const unique_fd path = open("/dev/tty", O_PATH);
  expect_every_op(path.get(), watched.get(), SyscallFailsWithErrno(EBADF));
}

TEST_P(CtlTargetTest, ARegularFileIsEperm) {
  const unique_fd ep = backend_.instance();
  const unique_fd file = checked_fd(memfd_create("regular", MFD_CLOEXEC), "memfd_create");
  expect_every_op(ep.get(), file.get(), SyscallFailsWithErrno(EPERM));
}

TEST_P(CtlTargetTest, ADirectoryIsEperm) {
  const unique_fd ep = backend_.instance();
  const unique_fd directory = open("/", O_RDONLY | O_DIRECTORY);
  expect_every_op(ep.get(), directory.get(), SyscallFailsWithErrno(EPERM));
}

TEST_P(CtlTargetTest, DevNullIsEperm) {
  const unique_fd ep = backend_.instance();
  const unique_fd null = open("/dev/null", O_RDWR);
  expect_every_op(ep.get(), null.get(), SyscallFailsWithErrno(EPERM));
}

TEST_P(CtlTargetTest, TheInstanceItselfIsEinval) {
  const unique_fd ep = backend_.instance();
  expect_every_op(ep.get(), ep.get(), SyscallFailsWithErrno(EINVAL));
}

TEST_P(CtlTargetTest, ADupOfTheInstanceItselfIsEinval) {
  const unique_fd ep = backend_.instance();
  const unique_fd dup = duplicate(ep);
  expect_every_op(ep.get(), dup.get(), SyscallFailsWithErrno(EINVAL));
  expect_every_op(dup.get(), ep.get(), SyscallFailsWithErrno(EINVAL));
}

TEST_P(CtlTargetTest, ADescriptorThatIsNoInstanceIsEinval) {
  const unique_fd watched = make_eventfd();
  const Pipe pipe = make_pipe();
  const unique_fd file = checked_fd(memfd_create("regular", MFD_CLOEXEC), "memfd_create");
  expect_every_op(pipe.reader.get(), watched.get(), SyscallFailsWithErrno(EINVAL));
  expect_every_op(file.get(), watched.get(), SyscallFailsWithErrno(EINVAL));
}

TEST_P(CtlTargetTest, AddOfANativeInstanceIsForNativeAloneAndEinvalToXpoll) {
  const unique_fd ep = backend_.instance();
  const unique_fd native = Backend::native().instance();
  if (differs(backend_, Difference::kRefusesNativeEpollTarget))
    EXPECT_THAT(backend_.add(ep.get(), native.get(), EPOLLIN), SyscallFailsWithErrno(EINVAL));
  else
    EXPECT_THAT(backend_.add(ep.get(), native.get(), EPOLLIN), SyscallSucceeds());
}

// The other ops treat it like any unwatched descriptor.
TEST_P(CtlTargetTest, ModAndDelOfANativeInstanceThatIsNotWatchedAreEnoent) {
  const unique_fd ep = backend_.instance();
  const unique_fd native = Backend::native().instance();
  EXPECT_THAT(backend_.mod(ep.get(), native.get(), EPOLLIN), SyscallFailsWithErrno(ENOENT));
  EXPECT_THAT(backend_.del(ep.get(), native.get()), SyscallFailsWithErrno(ENOENT));
}

}  // namespace
}  // namespace xpoll::test
