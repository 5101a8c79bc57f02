// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_CHANGE_CLOSE, XPOLL_CREATE_CLOSE_REMOVES and xpoll_process.flags: where they are taken, and
// limits.
#include <sys/resource.h>

#include <vector>

#include "tools/util/eventfd.h"
#include "util/close_removes.h"
#include "util/epoll_calls.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/requires.h"

namespace xpoll::test {
namespace {

constexpr unsigned kUnknownFlag = 1U << 15;

class CloseRemovesAbiTest : public XpollOnly {
 protected:
  static int with_flag(int op, int epfd, int fd, std::uint32_t events = EPOLLIN) {
    struct xpoll_change change = change_of(op, fd, events);
    change.flags = XPOLL_CHANGE_CLOSE;
    return make_change(epfd, change);
  }

  const unique_fd ep_ = backend_.instance();
  unique_fd file_ = make_eventfd(1);
};

TEST_F(CloseRemovesAbiTest, FeatureIsTold) {
  EXPECT_TRUE(module_features().features & XPOLL_FEATURE_CLOSE_REMOVES);
}

TEST_F(CloseRemovesAbiTest, FlagIsForAdditions) {
  EXPECT_THAT(with_flag(EPOLL_CTL_MOD, ep_.get(), -1), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(with_flag(EPOLL_CTL_DEL, ep_.get(), -1), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(with_flag(0, ep_.get(), -1), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(with_flag(EPOLL_CTL_ADD, ep_.get(), -1), SyscallFailsWithErrno(EBADF));
  EXPECT_THAT(with_flag(XPOLL_CTL_UPSERT, ep_.get(), -1), SyscallFailsWithErrno(EBADF));
  EXPECT_THAT(add_with_flags(ep_.get(), file_.get(), EPOLLIN, XPOLL_CHANGE_CLOSE | kUnknownFlag),
              SyscallFailsWithErrno(EINVAL));
}

TEST_F(CloseRemovesAbiTest, AdditionFailsAsWithoutTheFlag) {
  const unique_fd directory = checked_fd(open("/", O_RDONLY | O_CLOEXEC), "open");
  EXPECT_THAT(with_flag(EPOLL_CTL_ADD, ep_.get(), directory.get()), SyscallFailsWithErrno(EPERM));
  EXPECT_THAT(with_flag(EPOLL_CTL_ADD, ep_.get(), ep_.get()), SyscallFailsWithErrno(EINVAL));
  ASSERT_THAT(with_flag(EPOLL_CTL_ADD, ep_.get(), file_.get()), SyscallSucceeds());
  EXPECT_THAT(with_flag(EPOLL_CTL_ADD, ep_.get(), file_.get()), SyscallFailsWithErrno(EEXIST));
}

TEST_F(CloseRemovesAbiTest, UpsertAddsSuchAWatchAndLeavesAnyOtherWhatItIs) {
  unique_fd one = duplicate(file_);
  unique_fd two = duplicate(file_);
  ASSERT_THAT(with_flag(XPOLL_CTL_UPSERT, ep_.get(), one.get()), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep_.get(), two.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(with_flag(XPOLL_CTL_UPSERT, ep_.get(), two.get()), SyscallSucceeds());
  ASSERT_THAT(make_change(ep_.get(), change_of(XPOLL_CTL_UPSERT, one.get(), EPOLLIN)),
              SyscallSucceeds());
  const int stays = two.get();
  one.reset();
  two.reset();
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(stays, EPOLLIN)));
}

TEST_F(CloseRemovesAbiTest, WatchWithoutTheFlagStaysAsOnNativeEpoll) {
  unique_fd plain = duplicate(file_);
  unique_fd flagged = duplicate(file_);
  ASSERT_THAT(backend_.add(ep_.get(), plain.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(with_flag(EPOLL_CTL_ADD, ep_.get(), flagged.get()), SyscallSucceeds());
  const int stays = plain.get();
  flagged.reset();
  plain.reset();
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(stays, EPOLLIN)));
}

// A server may add hundreds in one call.
TEST_F(CloseRemovesAbiTest, AdditionsOfOneCallAreOfBothKinds) {
  constexpr int kDescriptors = 40;
  std::vector<unique_fd> fds;
  std::vector<struct xpoll_change> changes;
  for (int i = 0; i < kDescriptors; ++i) {
    fds.push_back(duplicate(file_));
    changes.push_back(change_of(EPOLL_CTL_ADD, fds.back().get(), EPOLLIN | EPOLLONESHOT));
    changes.back().flags = i % 2 ? XPOLL_CHANGE_CLOSE : 0;
  }
  Enter call(ep_.get(), changes, kDescriptors);
  ASSERT_THAT(call.call(), SyscallSucceedsWithValue(kDescriptors));
  EXPECT_THAT(call.results(), testing::Each(0));
  fds.clear();
  EXPECT_EQ(watch_count(ep_.get()), kDescriptors / 2U);
}

TEST_F(CloseRemovesAbiTest, FileMayHaveThisManyInOneTable) {
  constexpr int kMost = 256;
  std::vector<unique_fd> fds;
  for (int i = 0; i < kMost; ++i) {
    fds.push_back(duplicate(file_));
    ASSERT_THAT(with_flag(EPOLL_CTL_ADD, ep_.get(), fds.back().get()), SyscallSucceeds());
  }
  EXPECT_THAT(with_flag(EPOLL_CTL_ADD, ep_.get(), file_.get()), SyscallFailsWithErrno(ENOSPC));
  EXPECT_EQ(watch_count(ep_.get()), kMost);
  // Another file and another table have their own.
  const unique_fd other = make_eventfd();
  EXPECT_THAT(with_flag(EPOLL_CTL_ADD, ep_.get(), other.get()), SyscallSucceeds());
  Process child([&] { return with_flag(EPOLL_CTL_ADD, ep_.get(), file_.get()); });
  EXPECT_THAT(child.join(), SyscallSucceeds());
  EXPECT_EQ(watch_count(ep_.get()), kMost + 1);
  // Whichever leaves, one more may come.
  for (int i = 0; i < 3 * kMost; ++i) {
    fds.erase(i % 2 == 0 ? fds.begin() : fds.end() - 1);
    fds.push_back(duplicate(file_));
    ASSERT_THAT(with_flag(EPOLL_CTL_ADD, ep_.get(), fds.back().get()), SyscallSucceeds()) << i;
    ASSERT_THAT(with_flag(EPOLL_CTL_ADD, ep_.get(), file_.get()), SyscallFailsWithErrno(ENOSPC));
  }
  fds.pop_back();
  EXPECT_THAT(with_flag(EPOLL_CTL_ADD, ep_.get(), file_.get()), SyscallSucceeds());
  fds.clear();
  EXPECT_EQ(watch_count(ep_.get()), 2U);
}

TEST_F(CloseRemovesAbiTest, CreateTakesTheFlagAndNoOther) {
  struct xpoll_create create {};
  create.flags = XPOLL_CREATE_CLOSE_REMOVES;
  const unique_fd inherited =
      checked_fd(ioctl(open_device().get(), XPOLL_IOC_CREATE, &create), "XPOLL_IOC_CREATE");
  EXPECT_EQ(fcntl(inherited.get(), F_GETFD), 0);
  create.flags = XPOLL_CREATE_CLOSE_REMOVES << 1;
  EXPECT_THAT(ioctl(open_device().get(), XPOLL_IOC_CREATE, &create), SyscallFailsWithErrno(EINVAL));
  struct xpoll_create_keyed keyed {};
  keyed.flags = XPOLL_CREATE_CLOSE_REMOVES | XPOLL_CLOEXEC;
  const unique_fd closed =
      checked_fd(ioctl(open_device().get(), XPOLL_IOC_CREATE_KEYED, &keyed), "CREATE_KEYED");
  EXPECT_EQ(fcntl(closed.get(), F_GETFD), FD_CLOEXEC);
  ASSERT_THAT(backend_.add(closed.get(), file_.get(), EPOLLIN), SyscallSucceeds());
  const unique_fd dup = duplicate(file_);
  file_.reset();
  EXPECT_EQ(watch_count(closed.get()), 0U);
}

int call_process(const struct xpoll_process& process) {
  return ioctl(open_device().get(), XPOLL_IOC_PROCESS, &process);
}

TEST_F(CloseRemovesAbiTest, ProcessFlagsAreChecked) {
  struct xpoll_process process {};
  process.mode = XPOLL_PROCESS_ASK;
  process.flags = XPOLL_CREATE_CLOSE_REMOVES;
  EXPECT_THAT(call_process(process), SyscallFailsWithErrno(EINVAL));
  process.mode = XPOLL_PROCESS_NATIVE;
  EXPECT_THAT(call_process(process), SyscallFailsWithErrno(EINVAL));
  process.mode = XPOLL_PROCESS_XPOLL;
  process.flags = XPOLL_CLOEXEC;
  EXPECT_THAT(call_process(process), SyscallFailsWithErrno(EINVAL));
  process.flags = XPOLL_CREATE_CLOSE_REMOVES << 1;
  EXPECT_THAT(call_process(process), SyscallFailsWithErrno(EINVAL));
}

// In a process whose instances are created by epoll_create1(2): whether a watch ends with its
// number. The child of a fork inherits that.
int ends_with_number() {
  const unique_fd ep = checked_fd(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  const unique_fd file = make_eventfd(1);
  unique_fd dup = duplicate(file);
  epoll_event event{};
  event.events = EPOLLIN;
  checked(epoll_ctl(ep.get(), EPOLL_CTL_ADD, dup.get(), &event), "epoll_ctl");
  dup.reset();
  return epoll_wait(ep.get(), &event, 1, 0) == 0;
}

TEST_F(CloseRemovesAbiTest, ProcessCreatesSuchInstancesUntilItOptsInWithoutTheFlag) {
  XPOLL_REQUIRE(can_hook_epoll_calls(), kHookableEpollCalls);
  for (const bool grouped : {false, true}) {
    SCOPED_TRACE(grouped);
    const unique_fd device = open_device();
    Process child([&] {
      struct xpoll_process process {};
      process.mode = XPOLL_PROCESS_XPOLL;
      process.flags = XPOLL_CREATE_CLOSE_REMOVES;
      if (grouped)
        process.group =
            static_cast<__u32>(checked(ioctl(device.get(), XPOLL_IOC_GROUP), "XPOLL_IOC_GROUP"));
      checked(ioctl(device.get(), XPOLL_IOC_PROCESS, &process), "XPOLL_IOC_PROCESS");
      int ended = ends_with_number();
      Process grandchild(ends_with_number);
      ended += 2 * grandchild.join();
      process.flags = 0;
      checked(ioctl(device.get(), XPOLL_IOC_PROCESS, &process), "XPOLL_IOC_PROCESS");
      return ended + 4 * ends_with_number();
    });
    EXPECT_THAT(child.join(), SyscallSucceedsWithValue(1 + 2));
  }
}

}  // namespace
}  // namespace xpoll::test
