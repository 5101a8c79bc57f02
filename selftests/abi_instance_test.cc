// SPDX-License-Identifier: GPL-2.0-only
// An instance as a file, and what its commands refuse besides what epoll refuses.
#include <sys/mman.h>

#include <cstring>
#include <filesystem>
#include <string>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/guarded_memory.h"
#include "util/matchers.h"
#include "util/raw.h"

namespace xpoll_test {
namespace {

using AbiFileTest = EachBackend;
XPOLL_FOR_EACH_BACKEND(AbiFileTest);

TEST_P(AbiFileTest, AnInstanceCannotBeRead) {
  char byte = 0;
  EXPECT_THAT(read(backend_.instance().get(), &byte, 1), SyscallFailsWithErrno(EINVAL));
}

TEST_P(AbiFileTest, AnInstanceCannotBeWritten) {
  const char byte = 0;
  EXPECT_THAT(write(backend_.instance().get(), &byte, 1), SyscallFailsWithErrno(EINVAL));
}

TEST_P(AbiFileTest, AnInstanceCannotBeMapped) {
  const Fd ep = backend_.instance();
  EXPECT_EQ(mmap(nullptr, 1, PROT_READ, MAP_SHARED, ep.get(), 0), MAP_FAILED);
  EXPECT_EQ(errno, ENODEV);
}

TEST_P(AbiFileTest, SeekingAnInstanceDoesNothing) {
  const Fd ep = backend_.instance();
  EXPECT_THAT(lseek(ep.get(), 5, SEEK_SET), SyscallSucceedsWithValue(0));
}

TEST_P(AbiFileTest, AnInstanceIsNamedAfterItsKind) {
  const Fd ep = backend_.instance();
  const auto link = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(ep.get()));
  EXPECT_EQ(link, backend_.isXpoll() ? "anon_inode:[xpoll]" : "anon_inode:[eventpoll]");
}

class AbiInstanceTest : public XpollOnly {
 protected:
  int call(unsigned long command, const void* argument) {
    return ioctl(ep_.get(), command, argument);
  }

  const Fd ep_{backend_.create1(EPOLL_CLOEXEC)};
};

TEST_F(AbiInstanceTest, AnUnknownCommandIsEnotty) {
  struct xpoll_wait argument {};
  EXPECT_THAT(call(_IO(XPOLL_IOC_MAGIC, 0x7f), &argument), SyscallFailsWithErrno(ENOTTY));
  EXPECT_THAT(call(_IO(XPOLL_IOC_MAGIC + 1, 2), &argument), SyscallFailsWithErrno(ENOTTY));
}

TEST_F(AbiInstanceTest, ACommandOfTheDeviceIsEnotty) {
  struct xpoll_features features {};
  const struct xpoll_create create {};
  EXPECT_THAT(call(XPOLL_IOC_FEATURES, &features), SyscallFailsWithErrno(ENOTTY));
  EXPECT_THAT(call(XPOLL_IOC_CREATE, &create), SyscallFailsWithErrno(ENOTTY));
  EXPECT_THAT(call(XPOLL_IOC_GROUP, nullptr), SyscallFailsWithErrno(ENOTTY));
  const struct xpoll_create_keyed keyed {};
  EXPECT_THAT(call(XPOLL_IOC_CREATE_KEYED, &keyed), SyscallFailsWithErrno(ENOTTY));
  std::uint64_t key = 0;
  EXPECT_THAT(call(XPOLL_IOC_KEY, &key), SyscallFailsWithErrno(ENOTTY));
}

TEST_F(AbiInstanceTest, AnotherStructureSizeIsEnotty) {
  struct xpoll_stats argument[2] = {};
  for (const unsigned long command : {XPOLL_IOC_CTL, XPOLL_IOC_WAIT, XPOLL_IOC_STATS})
    for (const int more_bytes : {-8, -1, 1, 8})
      EXPECT_THAT(call(withSize(command, more_bytes), argument), SyscallFailsWithErrno(ENOTTY))
          << more_bytes;
}

TEST_F(AbiInstanceTest, AnotherDirectionIsEnotty) {
  struct xpoll_wait argument {};
  for (const unsigned long command : {XPOLL_IOC_CTL, XPOLL_IOC_WAIT})
    EXPECT_THAT(call(withDirection(command, _IOC_READ | _IOC_WRITE), &argument),
                SyscallFailsWithErrno(ENOTTY));
}

TEST_F(AbiInstanceTest, CtlWithAnArgumentThatCannotBeReadIsEfault) {
  const GuardedMemory memory;
  const auto* cut = memory.cutAfter<struct xpoll_ctl>(sizeof(struct xpoll_ctl) - 1);
  EXPECT_THAT(call(XPOLL_IOC_CTL, nullptr), SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(call(XPOLL_IOC_CTL, memory.inaccessible<void*>()), SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(call(XPOLL_IOC_CTL, cut), SyscallFailsWithErrno(EFAULT));
}

TEST_F(AbiInstanceTest, CtlReadsItsArgumentAtAnyAddress) {
  const GuardedMemory memory;
  const Fd watched = makeEventfd(1);
  epoll_event event{};
  event.events = EPOLLIN;
  const struct xpoll_ctl arguments = ctlArguments(EPOLL_CTL_ADD, watched.get(), &event);
  void* const odd = memory.cutAfter<char>(sizeof(arguments) + 1);
  std::memcpy(odd, &arguments, sizeof(arguments));
  ASSERT_THAT(call(XPOLL_IOC_CTL, odd), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(0, EPOLLIN)));
}

TEST_F(AbiInstanceTest, CtlWithAnEventOutsideUserSpaceIsEfault) {
  const Fd watched = makeEventfd();
  struct xpoll_ctl arguments = ctlArguments(EPOLL_CTL_ADD, watched.get(), nullptr);
  for (const std::uint64_t outside :
       {std::uint64_t{0}, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    arguments.event = outside;
    EXPECT_THAT(call(XPOLL_IOC_CTL, &arguments), SyscallFailsWithErrno(EFAULT)) << outside;
  }
}

}  // namespace
}  // namespace xpoll_test
