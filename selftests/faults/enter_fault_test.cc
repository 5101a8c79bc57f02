// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_IOC_ENTER, whose changes fail by their results, and XPOLL_IOC_POST.
#include <csignal>

#include "faults/fault_test.h"
#include "faults/sweep.h"
#include "tools/util/descriptors.h"
#include "util/enter.h"
#include "util/extended.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

class EnterFaultTest : public FaultTest {
 protected:
  void SetUp() override {
    FaultTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ep_ = backend_.instance();
  }

  void TearDown() override {
    ep_.reset();
    FaultTest::TearDown();
  }

  // An error of the only change is the call's.
  int enter(const struct xpoll_change& change, struct xpoll_enter arguments = {}) {
    struct xpoll_change changed = change;
    changed.result = 0;
    arguments.changes = address(&changed);
    arguments.nchanges = 1;
    const int ready = ioctl(ep_.get(), XPOLL_IOC_ENTER, &arguments);
    if (ready < 0 || changed.result == 0) return ready;
    EXPECT_EQ(arguments.failed, 1U);
    errno = -changed.result;
    return -1;
  }

  void sweep_add(int op, const unique_fd& watched, std::uint32_t events, unsigned flags = 0) {
    sweep_faults({
        .call =
            [&] {
              struct xpoll_change change = change_of(op, watched.get(), events);
              change.flags = static_cast<__u16>(flags);
              return enter(change);
            },
        .undo = [&] { checked(backend_.del(ep_.get(), watched.get()), "del"); },
        .errors = {EFAULT, ENOMEM},
        .descriptors = instance_,
        .instances = instance_,
    });
  }

  unique_fd ep_;
  const std::function<std::vector<int>()> instance_ = [this] {
    return std::vector<int>{ep_.get()};
  };
};

TEST_F(EnterFaultTest, AddOfAnEventfd) {
  const unique_fd eventfd = make_eventfd(1);
  sweep_add(EPOLL_CTL_ADD, eventfd, EPOLLIN);
}

TEST_F(EnterFaultTest, UpsertOfAFileWithTwoWaitQueues) {
  const Pty pty = make_pty();
  sweep_add(XPOLL_CTL_UPSERT, pty.slave, EPOLLIN | EPOLLET);
}

TEST_F(EnterFaultTest, AddOfAnInstance) {
  const unique_fd inner = backend_.instance();
  sweep_add(EPOLL_CTL_ADD, inner, EPOLLIN);
}

TEST_F(EnterFaultTest, AddOfAWatchWithACookie) {
  const unique_fd eventfd = make_eventfd(1);
  sweep_faults({
      // the first cookie of an instance needs a table
      .prepare = [&] { ep_ = backend_.instance(); },
      .call =
          [&] {
            struct xpoll_change change = change_of(EPOLL_CTL_ADD, eventfd.get(), EPOLLIN);
            change.flags = XPOLL_CHANGE_COOKIE;
            return enter(change);
          },
      .undo = [&] { checked(backend_.del(ep_.get(), eventfd.get()), "del"); },
      .errors = {EFAULT, ENOMEM},
      .descriptors = instance_,
      .instances = instance_,
  });
}

TEST_F(EnterFaultTest, AddOfAWatchThatEndsWithItsDescriptor) {
  const unique_fd eventfd = make_eventfd(1);
  sweep_add(EPOLL_CTL_ADD, eventfd, EPOLLIN, XPOLL_CHANGE_CLOSE);
  const Pty pty = make_pty();
  sweep_add(EPOLL_CTL_ADD, pty.slave, EPOLLIN | EPOLLWAKEUP, XPOLL_CHANGE_CLOSE);
}

// An addition that fails late must not tell of an end.
TEST_F(EnterFaultTest, AddOfAWatchThatTellsOfItsEnd) {
  const Pty pty = make_pty();
  struct xpoll_change add = change_of(EPOLL_CTL_ADD, pty.slave.get(), EPOLLIN | EPOLLWAKEUP);
  add.flags = XPOLL_CHANGE_REMOVED | XPOLL_CHANGE_CLOSE | XPOLL_CHANGE_COOKIE;
  const auto undo = [&] {
    checked(backend_.del(ep_.get(), pty.slave.get()), "del");
    EXPECT_EQ(extended_events(ep_.get()).size(), 1U);
  };
  // the first cookie of an instance makes a table, which stays
  ASSERT_THAT(enter(add), SyscallSucceedsWithValue(0));
  undo();
  sweep_faults({
      .call = [&] { return enter(add); },
      .undo = undo,
      .errors = {EFAULT, ENOMEM},
      .descriptors = instance_,
      .instances = instance_,
  });
}

TEST_F(EnterFaultTest, WaitWithASignalMask) {
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep_.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  epoll_event event{};
  sigset_t mask;
  sigfillset(&mask);
  struct xpoll_enter arguments {};
  arguments.events = address(&event);
  arguments.maxevents = 1;
  arguments.sigmask = address(&mask);
  arguments.sigsetsize = 8;
  sweep_faults({
      .call = [&] { return ioctl(ep_.get(), XPOLL_IOC_ENTER, &arguments); },
      .errors = {EFAULT},
      .descriptors = instance_,
      .instances = instance_,
  });
}

TEST_F(EnterFaultTest, AddOfAWatchThatTellsMore) {
  const unique_fd eventfd = make_eventfd(1);
  sweep_add(EPOLL_CTL_ADD, eventfd, EPOLLIN, XPOLL_CHANGE_TIME);
  sweep_add(XPOLL_CTL_UPSERT, eventfd, EPOLLIN, XPOLL_CHANGE_TIME | XPOLL_CHANGE_CLOSE);
}

TEST_F(EnterFaultTest, WaitForExtendedEvents) {
  const unique_fd eventfd = make_eventfd(1);
  struct xpoll_change add = change_of(EPOLL_CTL_ADD, eventfd.get(), EPOLLIN);
  add.flags = XPOLL_CHANGE_TIME;
  ASSERT_THAT(enter(add), SyscallSucceedsWithValue(0));
  ExtendedWait wait(ep_.get());
  sweep_faults({
      .call = [&] { return wait.call(); },
      .undo = [&] { EXPECT_EQ(wait.events().size(), 1U); },
      .errors = {EFAULT},
      .descriptors = instance_,
      .instances = instance_,
  });
}

TEST_F(EnterFaultTest, TheFirstPostOfAnInstance) {
  const std::uint64_t data = 7;
  sweep_faults({
      .prepare = [&] { ep_ = backend_.instance(); },
      .call = [&] { return ioctl(ep_.get(), XPOLL_IOC_POST, &data); },
      .errors = {EFAULT, ENOMEM},
      .descriptors = instance_,
      .instances = instance_,
  });
}

TEST_F(EnterFaultTest, LaterPostsNeedNoMemory) {
  const std::uint64_t data = 7;
  ASSERT_THAT(ioctl(ep_.get(), XPOLL_IOC_POST, &data), SyscallSucceeds());
  sweep_faults({
      .call = [&] { return ioctl(ep_.get(), XPOLL_IOC_POST, &data); },
      .errors = {},
      .descriptors = instance_,
  });
}

}  // namespace
}  // namespace xpoll::test
