// SPDX-License-Identifier: GPL-2.0-only
// If several arguments of a wait are invalid, which error is returned. Each test makes two adjacent
// checks fail.
#include <sys/epoll.h>

#include <cerrno>
#include <climits>

#include "tools/util/descriptors.h"
#include "util/each_backend.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

constexpr int kMaxEvents = INT_MAX / static_cast<int>(sizeof(epoll_event));
constexpr timespec kNow{};
constexpr timespec kBadTime{.tv_sec = 0, .tv_nsec = 1'000'000'000};
constexpr int kNoFd = -1;

// An address outside user space.
epoll_event* kernel_array() { return reinterpret_cast<epoll_event*>(0xffff'8880'0000'0000); }
const sigset_t* bad_sigmask() { return reinterpret_cast<const sigset_t*>(1); }

// Newer kernels look the descriptor up first, older ones check maxevents and the array first.
int errno_of_bad_descriptor_and(int other) {
  epoll_event event{};
  EXPECT_EQ(::epoll_wait(kNoFd, &event, 0, 0), -1);
  return errno == EBADF ? EBADF : other;
}

class WaitOrder : public EachBackend {
 protected:
  epoll_event event_{};
};
XPOLL_FOR_EACH_BACKEND(WaitOrder);

TEST_P(WaitOrder, UnreadableTimespecIsEfaultBeforeAnythingElse) {
  const auto* unreadable = reinterpret_cast<const timespec*>(1);
  EXPECT_THAT(backend_.pwait2(kNoFd, nullptr, 0, unreadable, nullptr),
              SyscallFailsWithErrno(EFAULT));
}

TEST_P(WaitOrder, BadTimespecIsEinvalBeforeTheSigmaskIsRead) {
  const unique_fd ep = backend_.instance();
  for (const timespec bad :
       {kBadTime, timespec{.tv_sec = 0, .tv_nsec = -1}, timespec{.tv_sec = -1, .tv_nsec = 0}}) {
    EXPECT_THAT(backend_.pwait2(ep.get(), &event_, 1, &bad, bad_sigmask()),
                SyscallFailsWithErrno(EINVAL));
  }
}

TEST_P(WaitOrder, BadTimespecIsEinvalBeforeEbadf) {
  EXPECT_THAT(backend_.pwait2(kNoFd, &event_, 1, &kBadTime, nullptr),
              SyscallFailsWithErrno(EINVAL));
}

TEST_P(WaitOrder, WrongSigsetsizeIsEinvalBeforeTheSigmaskIsRead) {
  const unique_fd ep = backend_.instance();
  for (const std::size_t size : {0, 4, 7, 9, 16, 128}) {
    EXPECT_THAT(backend_.pwait_sized(ep.get(), &event_, 1, 0, bad_sigmask(), size),
                SyscallFailsWithErrno(EINVAL))
        << size;
  }
}

TEST_P(WaitOrder, SigsetsizeIsIgnoredWithoutASigmask) {
  const unique_fd ep = backend_.instance();
  EXPECT_THAT(backend_.pwait_sized(ep.get(), &event_, 1, 0, nullptr, 4),
              SyscallSucceedsWithValue(0));
}

TEST_P(WaitOrder, UnreadableSigmaskIsEfaultBeforeMaxeventsIsEinval) {
  const unique_fd ep = backend_.instance();
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 0, 0, bad_sigmask()),
              SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(backend_.pwait2(ep.get(), &event_, 0, &kNow, bad_sigmask()),
              SyscallFailsWithErrno(EFAULT));
}

TEST_P(WaitOrder, UnreadableSigmaskIsEfaultBeforeEbadf) {
  EXPECT_THAT(backend_.pwait(kNoFd, &event_, 1, 0, bad_sigmask()), SyscallFailsWithErrno(EFAULT));
}

TEST_P(WaitOrder, MaxeventsOutOfRangeIsEinvalBeforeTheArrayIsEfault) {
  const unique_fd ep = backend_.instance();
  for (const int maxevents : {0, -1, INT_MIN, kMaxEvents + 1, INT_MAX}) {
    EXPECT_THAT(backend_.wait(ep.get(), kernel_array(), maxevents, 0),
                SyscallFailsWithErrno(EINVAL))
        << maxevents;
  }
}

TEST_P(WaitOrder, MaxeventsOutOfRangeAndABadDescriptorFailInTheKernelsOrder) {
  EXPECT_THAT(backend_.wait(kNoFd, &event_, 0, 0),
              SyscallFailsWithErrno(errno_of_bad_descriptor_and(EINVAL)));
}

TEST_P(WaitOrder, LargestMaxeventsIsAccepted) {
  const unique_fd ep = backend_.instance();
  EXPECT_THAT(backend_.wait(ep.get(), &event_, kMaxEvents, 0), SyscallSucceedsWithValue(0));
}

TEST_P(WaitOrder, ArrayOutsideUserSpaceIsEfaultEvenWithNothingToDeliver) {
  const unique_fd ep = backend_.instance();
  EXPECT_THAT(backend_.wait(ep.get(), kernel_array(), 1, 0), SyscallFailsWithErrno(EFAULT));
}

TEST_P(WaitOrder, ArrayThatRunsOutOfUserSpaceIsEfault) {
  const unique_fd ep = backend_.instance();
#ifdef __aarch64__  // with addresses of 52 bits; with fewer it is outside
  auto* last_page = reinterpret_cast<epoll_event*>(0xf'ffff'ffff'e000);
#else
  auto* last_page = reinterpret_cast<epoll_event*>(0x7fff'ffff'e000);
#endif
  EXPECT_THAT(backend_.wait(ep.get(), last_page, kMaxEvents, 0), SyscallFailsWithErrno(EFAULT));
}

TEST_P(WaitOrder, ArrayOutsideUserSpaceAndABadDescriptorFailInTheKernelsOrder) {
  EXPECT_THAT(backend_.wait(kNoFd, kernel_array(), 1, 0),
              SyscallFailsWithErrno(errno_of_bad_descriptor_and(EFAULT)));
}

TEST_P(WaitOrder, ClosedDescriptorIsEbadf) {
  unique_fd ep = backend_.instance();
  const int number = ep.get();
  ep.reset();
  EXPECT_THAT(backend_.wait(number, &event_, 1, 0), SyscallFailsWithErrno(EBADF));
}

TEST_P(WaitOrder, DescriptorThatIsNoInstanceIsEinval) {
  const unique_fd eventfd = make_eventfd(1);
  EXPECT_THAT(backend_.wait(eventfd.get(), &event_, 1, 0), SyscallFailsWithErrno(EINVAL));
}

}  // namespace
}  // namespace xpoll::test
