// SPDX-License-Identifier: GPL-2.0-only
// /dev/xpoll: FEATURES, CREATE, and who may call them.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <cstring>

#include "tools/util/descriptors.h"
#include "tools/util/watch_limit.h"
#include "util/descriptor_limit.h"
#include "util/each_backend.h"
#include "util/file_limit.h"
#include "util/guarded_memory.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/raw.h"

namespace xpoll::test {
namespace {

class AbiDeviceTest : public XpollOnly {
 protected:
  int call(unsigned long command, const void* argument) {
    return ioctl(open_device().get(), command, argument);
  }

  int create(std::uint32_t flags) {
    const struct xpoll_create arguments { .flags = flags, .group = 0 };
    return call(XPOLL_IOC_CREATE, &arguments);
  }

  struct xpoll_features features() {
    struct xpoll_features result;
    // All ones, so that a field that the kernel does not write shows.
    std::memset(&result, 0xff, sizeof(result));
    checked(call(XPOLL_IOC_FEATURES, &result), "XPOLL_IOC_FEATURES");
    return result;
  }
};

TEST_F(AbiDeviceTest, IsACharacterDeviceThatEverybodyMayReadAndWrite) {
  struct stat status {};
  ASSERT_THAT(stat(kDevice, &status), SyscallSucceeds());
  EXPECT_EQ(status.st_mode, S_IFCHR | 0666U);
}

TEST_F(AbiDeviceTest, ServesAnUnprivilegedUser) {
  Process child([this] {
    become_user(kUnprivileged);
    const unique_fd ep = backend_.instance();
    const unique_fd watched = make_eventfd(1);
    if (backend_.add(ep.get(), watched.get(), EPOLLIN) < 0) return -1;
    return static_cast<int>(backend_.ready(ep.get()).size());
  });
  EXPECT_THAT(child.join(), SyscallSucceedsWithValue(1));
}

TEST_F(AbiDeviceTest, CanBeOpenAnyNumberOfTimes) {
  const unique_fd one = open_device();
  const unique_fd other = open_device();
  struct xpoll_features result {};
  EXPECT_THAT(ioctl(one.get(), XPOLL_IOC_FEATURES, &result), SyscallSucceeds());
  EXPECT_THAT(ioctl(other.get(), XPOLL_IOC_FEATURES, &result), SyscallSucceeds());
}

TEST_F(AbiDeviceTest, CannotBeReadWrittenOrMapped) {
  const unique_fd device = open_device();
  char byte = 0;
  EXPECT_THAT(read(device.get(), &byte, 1), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(write(device.get(), &byte, 1), SyscallFailsWithErrno(EINVAL));
  EXPECT_EQ(mmap(nullptr, 1, PROT_READ, MAP_SHARED, device.get(), 0), MAP_FAILED);
  EXPECT_EQ(errno, ENODEV);
}

TEST_F(AbiDeviceTest, CannotBeWatched) {
  const unique_fd ep = backend_.instance();
  EXPECT_THAT(backend_.add(ep.get(), open_device().get(), EPOLLIN), SyscallFailsWithErrno(EPERM));
}

TEST_F(AbiDeviceTest, AnUnknownCommandIsEnotty) {
  struct xpoll_wait argument {};
  EXPECT_THAT(call(_IO(XPOLL_IOC_MAGIC, 0x7f), &argument), SyscallFailsWithErrno(ENOTTY));
  EXPECT_THAT(call(_IO(XPOLL_IOC_MAGIC + 1, 0), &argument), SyscallFailsWithErrno(ENOTTY));
  EXPECT_THAT(call(0, &argument), SyscallFailsWithErrno(ENOTTY));
}

TEST_F(AbiDeviceTest, ACommandOfInstancesIsEnotty) {
  const struct xpoll_ctl ctl = ctl_arguments(EPOLL_CTL_DEL, 0, nullptr);
  epoll_event event{};
  const struct xpoll_wait wait = wait_arguments(&event, 1);
  EXPECT_THAT(call(XPOLL_IOC_CTL, &ctl), SyscallFailsWithErrno(ENOTTY));
  EXPECT_THAT(call(XPOLL_IOC_WAIT, &wait), SyscallFailsWithErrno(ENOTTY));
}

TEST_F(AbiDeviceTest, AnotherStructureSizeIsEnotty) {
  struct xpoll_stats argument[2] = {};
  for (const unsigned long command : {XPOLL_IOC_FEATURES, XPOLL_IOC_CREATE, XPOLL_IOC_STATS,
                                      XPOLL_IOC_CREATE_KEYED, XPOLL_IOC_KEY, XPOLL_IOC_CREATE_RING})
    for (const int more_bytes : {-8, -1, 1, 8})
      EXPECT_THAT(call(with_size(command, more_bytes), argument), SyscallFailsWithErrno(ENOTTY))
          << more_bytes;
}

TEST_F(AbiDeviceTest, AnotherDirectionIsEnotty) {
  struct xpoll_features argument {};
  EXPECT_THAT(call(with_direction(XPOLL_IOC_FEATURES, _IOC_WRITE), &argument),
              SyscallFailsWithErrno(ENOTTY));
  EXPECT_THAT(call(with_direction(XPOLL_IOC_CREATE, _IOC_READ | _IOC_WRITE), &argument),
              SyscallFailsWithErrno(ENOTTY));
}

TEST_F(AbiDeviceTest, FeaturesTellTheAbiVersion) {
  EXPECT_EQ(features().abi_version, static_cast<std::uint32_t>(XPOLL_ABI_VERSION));
}

TEST_F(AbiDeviceTest, FeaturesNameWhatIsKnownAndNothingElse) {
  constexpr std::uint64_t kAlways =
      XPOLL_FEATURE_LAST_CLOSE | XPOLL_FEATURE_WAIT_ABSTIME | XPOLL_FEATURE_WAIT_TIMESPEC |
      XPOLL_FEATURE_STATS | XPOLL_FEATURE_KEY | XPOLL_FEATURE_WAKE | XPOLL_FEATURE_PROCESS |
      XPOLL_FEATURE_ENTER | XPOLL_FEATURE_POST | XPOLL_FEATURE_RING | XPOLL_FEATURE_CLOSE_REMOVES |
      XPOLL_FEATURE_COOKIE | XPOLL_FEATURE_ONLY | XPOLL_FEATURE_RESTART | XPOLL_FEATURE_EXTENDED |
      XPOLL_FEATURE_REMOVED;
  // EPOLLWAKEUP and busy polling depend on the kernel's configuration, epoll's calls on earlier
  // tests.
  const bool can_sleep = access("/sys/power/wakeup_count", F_OK) == 0;
  const bool can_poll = access("/proc/sys/net/core/busy_poll", F_OK) == 0;
  EXPECT_EQ(
      features().features & ~XPOLL_FEATURE_EPOLL_CALLS,
      kAlways | (can_sleep ? XPOLL_FEATURE_WAKEUP : 0) | (can_poll ? XPOLL_FEATURE_BUSY_POLL : 0));
}

TEST_F(AbiDeviceTest, CreateWithNoFileLeftInTheSystemIsEnfile) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to change the limit";
  const unique_fd device = open_device();
  const struct xpoll_create arguments {};
  const Pipe begun = make_pipe(O_CLOEXEC);
  const Pipe go = make_pipe(O_CLOEXEC);
  Process child([&] {
    char byte = 'x';
    become_user(kUnprivileged);
    checked(static_cast<int>(write(begun.writer.get(), &byte, 1)), "write");
    checked(static_cast<int>(read(go.reader.get(), &byte, 1)), "read");
    return ioctl(device.get(), XPOLL_IOC_CREATE, &arguments);
  });
  char byte = 0;
  ASSERT_THAT(read(begun.reader.get(), &byte, 1), SyscallSucceedsWithValue(1));
  const FileLimit none("0");
  write_all(go.writer, "x");
  EXPECT_THAT(child.join(), SyscallFailsWithErrno(ENFILE));
}

TEST_F(AbiDeviceTest, FeaturesTellTheLimits) {
  const struct xpoll_features result = features();
  EXPECT_EQ(result.max_events, INT_MAX / sizeof(epoll_event));
  EXPECT_EQ(result.max_nests, 4U);
  EXPECT_EQ(result.max_user_watches, static_cast<std::uint64_t>(watch_limit(Backend::xpoll())));
}

TEST_F(AbiDeviceTest, TheReservedFieldsOfFeaturesAreZero) {
  for (const std::uint32_t reserved : features().reserved) EXPECT_EQ(reserved, 0U);
}

TEST_F(AbiDeviceTest, FeaturesThatCannotBeStoredAreEfault) {
  GuardedMemory memory;
  const auto* cut = memory.cut_after<struct xpoll_features>(sizeof(struct xpoll_features) - 1);
  EXPECT_THAT(call(XPOLL_IOC_FEATURES, nullptr), SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(call(XPOLL_IOC_FEATURES, memory.inaccessible<void*>()),
              SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(call(XPOLL_IOC_FEATURES, cut), SyscallFailsWithErrno(EFAULT));
  memory.make_read_only();
  EXPECT_THAT(call(XPOLL_IOC_FEATURES, memory.last<struct xpoll_features>()),
              SyscallFailsWithErrno(EFAULT));
}

TEST_F(AbiDeviceTest, FeaturesAreStoredAtAnyAddress) {
  const GuardedMemory memory;
  auto* const odd = memory.cut_after<struct xpoll_features>(sizeof(struct xpoll_features) + 1);
  ASSERT_THAT(call(XPOLL_IOC_FEATURES, odd), SyscallSucceeds());
  struct xpoll_features result;
  std::memcpy(&result, static_cast<void*>(odd), sizeof(result));
  EXPECT_EQ(result.abi_version, static_cast<std::uint32_t>(XPOLL_ABI_VERSION));
}

TEST_F(AbiDeviceTest, CreateReturnsAnInstanceThatOutlivesTheDevicesDescriptor) {
  const unique_fd ep(create(XPOLL_CLOEXEC));
  const unique_fd watched = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(watched.get(), EPOLLIN)));
}

TEST_F(AbiDeviceTest, CreateHonoursCloexec) {
  const unique_fd with(create(XPOLL_CLOEXEC));
  const unique_fd without(create(0));
  EXPECT_THAT(fcntl(with.get(), F_GETFD), SyscallSucceedsWithValue(FD_CLOEXEC));
  EXPECT_THAT(fcntl(without.get(), F_GETFD), SyscallSucceedsWithValue(0));
}

TEST_F(AbiDeviceTest, CreateWithAnUnknownFlagIsEinval) {
  for (unsigned int bit = 0; bit < 32; ++bit) {
    const std::uint32_t flag = 1U << bit;
    if (flag == XPOLL_CLOEXEC || flag == XPOLL_CREATE_CLOSE_REMOVES) continue;
    EXPECT_THAT(create(flag), SyscallFailsWithErrno(EINVAL)) << std::hex << flag;
  }
}

TEST_F(AbiDeviceTest, CreateWithAnArgumentThatCannotBeReadIsEfault) {
  const GuardedMemory memory;
  for (const unsigned long command : {XPOLL_IOC_CREATE, XPOLL_IOC_CREATE_KEYED}) {
    const auto* cut = memory.cut_after<char>(_IOC_SIZE(command) - 1);
    EXPECT_THAT(call(command, nullptr), SyscallFailsWithErrno(EFAULT));
    EXPECT_THAT(call(command, memory.inaccessible<void*>()), SyscallFailsWithErrno(EFAULT));
    EXPECT_THAT(call(command, cut), SyscallFailsWithErrno(EFAULT));
  }
}

TEST_F(AbiDeviceTest, CreateWithNoDescriptorLeftIsEmfile) {
  const unique_fd device = open_device();
  const struct xpoll_create arguments {};
  const DescriptorLimit limit = DescriptorLimit::left(0);
  EXPECT_THAT(ioctl(device.get(), XPOLL_IOC_CREATE, &arguments), SyscallFailsWithErrno(EMFILE));
}

TEST_F(AbiDeviceTest, AFailedCreateTakesNoDescriptor) {
  const int before = unique_fd(open_device()).get();
  ASSERT_THAT(create(2), SyscallFailsWithErrno(EINVAL));
  EXPECT_EQ(unique_fd(open_device()).get(), before);
}

}  // namespace
}  // namespace xpoll::test
