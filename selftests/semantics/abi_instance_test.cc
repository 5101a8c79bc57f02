// SPDX-License-Identifier: GPL-2.0-only
// An instance as a file, and errors of its commands that epoll does not have.
#include <linux/kcmp.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <string>

#include "tools/util/descriptors.h"
#include "util/difference.h"
#include "util/each_backend.h"
#include "util/guarded_memory.h"
#include "util/kernel_version.h"
#include "util/matchers.h"
#include "util/raw.h"

namespace xpoll::test {
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
  const unique_fd ep = backend_.instance();
  EXPECT_EQ(mmap(nullptr, 1, PROT_READ, MAP_SHARED, ep.get(), 0), MAP_FAILED);
  EXPECT_EQ(errno, ENODEV);
}

// Tries to map over another mapping, which must survive.
TEST_P(AbiFileTest, AnAttemptToMapAnInstanceUnmapsNothing) {
  const unique_fd ep = backend_.instance();
  const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* place = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(place, MAP_FAILED);
  EXPECT_EQ(mmap(place, size, PROT_READ, MAP_SHARED | MAP_FIXED, ep.get(), 0), MAP_FAILED);
  EXPECT_EQ(errno, ENODEV);
  // ENOMEM if nothing is mapped
  EXPECT_THAT(msync(place, size, MS_ASYNC), SyscallSucceeds());
  munmap(place, size);
}

TEST_P(AbiFileTest, SeekingAnInstanceDoesNothing) {
  const unique_fd ep = backend_.instance();
  EXPECT_THAT(lseek(ep.get(), 5, SEEK_SET), SyscallSucceedsWithValue(0));
}

TEST_P(AbiFileTest, AnInstanceIsNamedAfterItsKind) {
  const unique_fd ep = backend_.instance();
  const auto link = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(ep.get()));
  EXPECT_EQ(link, differs(backend_, Difference::kNamedXpoll) ? "anon_inode:[xpoll]"
                                                             : "anon_inode:[eventpoll]");
}

TEST_P(AbiFileTest, KcmpFindsTheWatchedFileOfANativeInstanceOnly) {
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  const kcmp_epoll_slot slot{.efd = static_cast<std::uint32_t>(ep.get()),
                             .tfd = static_cast<std::uint32_t>(watched.get()),
                             .toff = 0};
  const long result = syscall(SYS_kcmp, getpid(), getpid(), KCMP_EPOLL_TFD, watched.get(), &slot);
  if (result < 0 && errno == ENOSYS) GTEST_SKIP() << "no kcmp()";
  if (differs(backend_, Difference::kUnknownToKcmp))
    EXPECT_THAT(result, SyscallFailsWithErrno(EINVAL));
  else
    EXPECT_THAT(result, SyscallSucceedsWithValue(0));
}

// Native epoll has ioctls since 6.9.
bool native_has_ioctls() { return running_kernel() >= KernelVersion{6, 9, 0}; }

TEST_P(AbiFileTest, CommandsOfOtherFilesAreEinvalSinceNativeHasItsOwnAndEnottyBefore) {
  const unique_fd ep = backend_.instance();
  const int expected = native_has_ioctls() ? EINVAL : ENOTTY;
  std::array<char, 256> argument{};
  for (const unsigned long command : {FIONREAD, TCGETS, TIOCGWINSZ, TIOCOUTQ})
    EXPECT_THAT(ioctl(ep.get(), command, argument.data()), SyscallFailsWithErrno(expected));
  EXPECT_EQ(isatty(ep.get()), 0);
  EXPECT_EQ(errno, expected);
  for (unsigned type = 0; type < 256; ++type) {
    if (type == XPOLL_IOC_MAGIC) continue;
    EXPECT_THAT(ioctl(ep.get(), _IO(type, 0x7f), argument.data()), SyscallFailsWithErrno(expected))
        << type;
  }
}

class AbiInstanceTest : public XpollOnly {
 protected:
  int call(unsigned long command, const void* argument) {
    return ioctl(ep_.get(), command, argument);
  }

  const unique_fd ep_{backend_.create1(EPOLL_CLOEXEC)};
};

TEST_F(AbiInstanceTest, AnUnknownCommandIsEnotty) {
  struct xpoll_wait argument {};
  EXPECT_THAT(call(_IO(XPOLL_IOC_MAGIC, 0x7f), &argument), SyscallFailsWithErrno(ENOTTY));
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
      EXPECT_THAT(call(with_size(command, more_bytes), argument), SyscallFailsWithErrno(ENOTTY))
          << more_bytes;
}

TEST_F(AbiInstanceTest, AnotherDirectionIsEnotty) {
  struct xpoll_wait argument {};
  for (const unsigned long command : {XPOLL_IOC_CTL, XPOLL_IOC_WAIT})
    EXPECT_THAT(call(with_direction(command, _IOC_READ | _IOC_WRITE), &argument),
                SyscallFailsWithErrno(ENOTTY));
}

TEST_F(AbiInstanceTest, CtlWithAnArgumentThatCannotBeReadIsEfault) {
  const GuardedMemory memory;
  const auto* cut = memory.cut_after<struct xpoll_ctl>(sizeof(struct xpoll_ctl) - 1);
  EXPECT_THAT(call(XPOLL_IOC_CTL, nullptr), SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(call(XPOLL_IOC_CTL, memory.inaccessible<void*>()), SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(call(XPOLL_IOC_CTL, cut), SyscallFailsWithErrno(EFAULT));
}

TEST_F(AbiInstanceTest, CtlReadsItsArgumentAtAnyAddress) {
  const GuardedMemory memory;
  const unique_fd watched = make_eventfd(1);
  epoll_event event{};
  event.events = EPOLLIN;
  const struct xpoll_ctl arguments = ctl_arguments(EPOLL_CTL_ADD, watched.get(), &event);
  void* const odd = memory.cut_after<char>(sizeof(arguments) + 1);
  std::memcpy(odd, &arguments, sizeof(arguments));
  ASSERT_THAT(call(XPOLL_IOC_CTL, odd), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(0, EPOLLIN)));
}

TEST_F(AbiInstanceTest, CtlWithAnEventOutsideUserSpaceIsEfault) {
  const unique_fd watched = make_eventfd();
  struct xpoll_ctl arguments = ctl_arguments(EPOLL_CTL_ADD, watched.get(), nullptr);
  for (const std::uint64_t outside :
       {std::uint64_t{0}, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    arguments.event = outside;
    EXPECT_THAT(call(XPOLL_IOC_CTL, &arguments), SyscallFailsWithErrno(EFAULT)) << outside;
  }
}

}  // namespace
}  // namespace xpoll::test
