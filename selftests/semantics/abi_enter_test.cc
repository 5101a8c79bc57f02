// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_IOC_ENTER: its errors, their order, and that nothing was changed before them.
#include <cstring>
#include <limits>

#include "tools/util/descriptors.h"
#include "util/each_backend.h"
#include "util/enter.h"
#include "util/guarded_memory.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

constexpr std::uint32_t kSigsetSize = 8;
constexpr std::uint64_t kOutsideUserSpace = std::uint64_t{1} << 63;

class AbiEnterTest : public XpollOnly {
 protected:
  int call_at(const void* arguments) { return ioctl(ep_.get(), XPOLL_IOC_ENTER, arguments); }

  // The change would be made if the arguments were valid, and it is not.
  void expect_refused(int error) {
    EXPECT_THAT(enter_.call(), SyscallFailsWithErrno(error));
    EXPECT_EQ(enter_.changes[0].result, kNoResult);
    EXPECT_EQ(enter_.arguments.done, Enter::kNoCount);
    EXPECT_THAT(backend_.del(ep_.get(), ready_.get()), SyscallFailsWithErrno(ENOENT));
  }

  // As above, but the argument `spoil` breaks comes first.
  template <typename Spoil>
  void expect_each_refused(int error, Spoil spoil, std::initializer_list<std::uint64_t> values) {
    for (const std::uint64_t value : values) {
      SCOPED_TRACE(value);
      const struct xpoll_enter good = enter_.arguments;
      spoil(value);
      expect_refused(error);
      enter_.arguments = good;
    }
  }

  const std::uint64_t mask_ = 0;
  const unique_fd ready_ = make_eventfd(1);
  const unique_fd ep_{backend_.create1(EPOLL_CLOEXEC)};
  Enter enter_{ep_.get(), {change_of(EPOLL_CTL_ADD, ready_.get(), EPOLLIN)}};
  struct xpoll_enter& arguments_ = enter_.arguments;
};

TEST_F(AbiEnterTest, FeaturesSayThatItIsKnown) {
  EXPECT_TRUE(module_features().features & XPOLL_FEATURE_ENTER);
}

TEST_F(AbiEnterTest, AnArgumentThatCannotBeReadIsEfault) {
  const GuardedMemory memory;
  EXPECT_THAT(call_at(nullptr), SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(call_at(memory.inaccessible<void*>()), SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(call_at(memory.cut_after<struct xpoll_enter>(sizeof(arguments_) - 1)),
              SyscallFailsWithErrno(EFAULT));
}

TEST_F(AbiEnterTest, TheArgumentMayBeAtAnyAddress) {
  const GuardedMemory memory;
  void* const odd = memory.cut_after<char>(sizeof(arguments_) + 1);
  std::memcpy(odd, &arguments_, sizeof(arguments_));
  EXPECT_THAT(call_at(odd), SyscallSucceedsWithValue(0));
}

TEST_F(AbiEnterTest, OnTheDeviceItIsEnotty) {
  EXPECT_THAT(ioctl(open_device().get(), XPOLL_IOC_ENTER, &arguments_),
              SyscallFailsWithErrno(ENOTTY));
}

TEST_F(AbiEnterTest, WithAnotherSizeOrDirectionItIsEnotty) {
  for (const int more_bytes : {-8, -1, 1, 8})
    EXPECT_THAT(ioctl(ep_.get(), with_size(XPOLL_IOC_ENTER, more_bytes), &arguments_),
                SyscallFailsWithErrno(ENOTTY));
  EXPECT_THAT(ioctl(ep_.get(), with_direction(XPOLL_IOC_ENTER, _IOC_WRITE), &arguments_),
              SyscallFailsWithErrno(ENOTTY));
}

TEST_F(AbiEnterTest, AnUnknownFlagIsEinval) {
  for (unsigned bit = 2; bit < 32; ++bit) {
    if (1U << bit == XPOLL_ENTER_EXTENDED) continue;
    arguments_.flags = 1U << bit;
    expect_refused(EINVAL);
  }
}

TEST_F(AbiEnterTest, AReservedFieldThatIsNotZeroIsEinval) {
  for (__u64& reserved : arguments_.reserved)
    for (const std::uint64_t value : {std::uint64_t{1}, kOutsideUserSpace}) {
      reserved = value;
      expect_refused(EINVAL);
      reserved = 0;
    }
}

TEST_F(AbiEnterTest, ABatchWithoutExtendedEventsIsEinval) {
  expect_each_refused(EINVAL, [this](auto value) { arguments_.batch = value; },
                      {1, kOutsideUserSpace});
}

TEST_F(AbiEnterTest, AWorkerBeyondTheTableIsEinval) {
  expect_each_refused(EINVAL, [this](auto value) { arguments_.worker = static_cast<__u32>(value); },
                      {XPOLL_WORKERS_MAX + 1, 256, 1U << 31, ~0U});
}

TEST_F(AbiEnterTest, AWorkerOfTheTableIsTaken) {
  arguments_.worker = XPOLL_WORKERS_MAX;
  EXPECT_THAT(enter_.call(), SyscallSucceedsWithValue(1));
}

TEST_F(AbiEnterTest, AnotherSizeOfTheSignalSetIsEinval) {
  arguments_.sigmask = address(&mask_);
  expect_each_refused(EINVAL,
                      [this](auto value) { arguments_.sigsetsize = static_cast<__u32>(value); },
                      {0, 4, kSigsetSize - 1, kSigsetSize + 1, 128, ~0U});
}

TEST_F(AbiEnterTest, RestartWithChangesIsEinvalBeforeTheSignalSetIsRead) {
  arguments_.flags = XPOLL_ENTER_RESTART;
  arguments_.sigmask = kOutsideUserSpace;
  arguments_.sigsetsize = kSigsetSize;
  expect_refused(EINVAL);
}

TEST_F(AbiEnterTest, WithoutASignalSetItsSizeIsIgnored) {
  arguments_.sigsetsize = 77;
  EXPECT_THAT(enter_.call(), SyscallSucceedsWithValue(1));
}

TEST_F(AbiEnterTest, ASignalSetThatCannotBeReadIsEfault) {
  const GuardedMemory memory;
  arguments_.sigsetsize = kSigsetSize;
  expect_each_refused(EFAULT, [this](auto value) { arguments_.sigmask = value; },
                      {address(memory.inaccessible<char>()),
                       address(memory.cut_after<char>(kSigsetSize - 1)), kOutsideUserSpace});
}

TEST_F(AbiEnterTest, MaxeventsThatIsNegativeOrTooLargeIsEinval) {
  const struct xpoll_features features = module_features();
  for (const int maxevents :
       {-1, std::numeric_limits<int>::min(), static_cast<int>(features.max_events + 1)}) {
    arguments_.maxevents = maxevents;
    expect_refused(EINVAL);
  }
  arguments_.maxevents = static_cast<int>(features.max_events);
  EXPECT_THAT(enter_.call(), SyscallSucceedsWithValue(1));
}

TEST_F(AbiEnterTest, MoreMineventsThanMaxeventsAreEinval) {
  arguments_.maxevents = 3;
  expect_each_refused(EINVAL,
                      [this](auto value) { arguments_.minevents = static_cast<__u32>(value); },
                      {4, 1U << 31, ~0U});
  arguments_.minevents = 3;
  EXPECT_THAT(enter_.call(), SyscallSucceedsWithValue(1));
}

TEST_F(AbiEnterTest, EventsOutsideUserSpaceAreEfault) {
  arguments_.events = kOutsideUserSpace;
  expect_refused(EFAULT);
}

TEST_F(AbiEnterTest, TooManyChangesAreEinval) {
  enter_.put_changes(enter_.changes.data(), XPOLL_CHANGES_MAX + 1);
  expect_refused(EINVAL);
  enter_.put_changes(enter_.changes.data(), ~0U);
  expect_refused(EINVAL);
}

TEST_F(AbiEnterTest, ChangesOutsideUserSpaceAreEfault) {
  arguments_.changes = kOutsideUserSpace;
  arguments_.nchanges = 1;
  EXPECT_THAT(call_at(&arguments_), SyscallFailsWithErrno(EFAULT));
}

TEST_F(AbiEnterTest, WithoutChangesTheirAddressIsOnlyAnAddress) {
  enter_.put_changes(nullptr, 0);
  EXPECT_THAT(enter_.call(), SyscallSucceedsWithValue(0));
  EXPECT_EQ(arguments_.done, 0U);
  EXPECT_EQ(arguments_.failed, 0U);
}

// If two errors apply, the one that the header names first is returned.

TEST_F(AbiEnterTest, EinvalOfTheWorkerComesBeforeEfaultOfTheSignalSet) {
  arguments_.worker = XPOLL_WORKERS_MAX + 1;
  arguments_.sigmask = kOutsideUserSpace;
  arguments_.sigsetsize = kSigsetSize;
  expect_refused(EINVAL);
}

TEST_F(AbiEnterTest, EfaultOfTheSignalSetComesBeforeEinvalOfMaxevents) {
  arguments_.sigmask = kOutsideUserSpace;
  arguments_.sigsetsize = kSigsetSize;
  arguments_.maxevents = -1;
  expect_refused(EFAULT);
}

TEST_F(AbiEnterTest, EinvalOfMineventsComesBeforeEfaultOfTheEvents) {
  arguments_.minevents = ~0U;
  arguments_.events = kOutsideUserSpace;
  expect_refused(EINVAL);
}

TEST_F(AbiEnterTest, EfaultOfTheEventsComesBeforeEinvalOfTheNumberOfChanges) {
  arguments_.events = kOutsideUserSpace;
  enter_.put_changes(enter_.changes.data(), XPOLL_CHANGES_MAX + 1);
  expect_refused(EFAULT);
}

}  // namespace
}  // namespace xpoll::test
