// SPDX-License-Identifier: GPL-2.0-only
// The hook on each close of a descriptor: attached when it is first asked for, by another function
// if one is taken, and not at all if both are.
#include <atomic>
#include <chrono>
#include <list>
#include <string>
#include <thread>

#include "load/churn.h"
#include "load/hooks.h"
#include "load/kernel_log.h"
#include "load/load_test.h"
#include "load/pseudo_file.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/close_removes.h"
#include "util/enter.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kFirst = "locks_remove_posix";
const std::string kSecond = "dnotify_flush";
const std::string kBlockFirst = "functions=" + kFirst;
const std::string kBlockBoth = "functions=" + kFirst + "," + kSecond;

class CloseHookTest : public LoadTest {
 protected:
  static constexpr const char* kParameter = "/sys/module/xpoll/parameters/close_removes";

  static int create(std::uint32_t flags) {
    const struct xpoll_create create { .flags = flags, .group = 0 };
    return ioctl(open_device().get(), XPOLL_IOC_CREATE, &create);
  }

  void expect_works() const {
    const unique_fd ep = create_instance(XPOLL_CLOEXEC | XPOLL_CREATE_CLOSE_REMOVES);
    const unique_fd file = make_eventfd(1);
    unique_fd dup = duplicate(file);
    ASSERT_THAT(backend_.add(ep.get(), dup.get(), EPOLLIN), SyscallSucceeds());
    dup.reset();
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  }
};

TEST_F(CloseHookTest, IsAttachedOnceAskedForAndGoneAfterUnload) {
  xpoll_.must_load();
  const unique_fd plain(create(XPOLL_CLOEXEC));
  EXPECT_THAT(hooked_close_functions(), IsEmpty());
  expect_works();
  EXPECT_THAT(hooked_close_functions(), ElementsAre(kFirst));
  expect_works();
}

TEST_F(CloseHookTest, TheParameterForbidsIt) {
  xpoll_.must_load("close_removes=off");
  EXPECT_EQ(read_text(kParameter), "off\n");
  EXPECT_THAT(create(XPOLL_CLOEXEC | XPOLL_CREATE_CLOSE_REMOVES),
              SyscallFailsWithErrno(EOPNOTSUPP));
  const unique_fd ep(create(XPOLL_CLOEXEC));
  EXPECT_THAT(add_with_flags(ep.get(), make_eventfd().get(), EPOLLIN, XPOLL_CHANGE_CLOSE),
              SyscallFailsWithErrno(EOPNOTSUPP));
  EXPECT_THAT(hooked_close_functions(), IsEmpty());
  EXPECT_THAT(write_text(kParameter, "auto"), SyscallSucceeds());
  expect_works();
}

TEST_F(CloseHookTest, ACallThatNamesNoGroupAttachesNothing) {
  xpoll_.must_load();
  const struct xpoll_create create {
    .flags = XPOLL_CLOEXEC | XPOLL_CREATE_CLOSE_REMOVES, .group = 1,
  };
  EXPECT_THAT(ioctl(open_device().get(), XPOLL_IOC_CREATE, &create), SyscallFailsWithErrno(ESRCH));
  EXPECT_THAT(hooked_close_functions(), IsEmpty());
}

TEST_F(CloseHookTest, TheParameterIsRefusedOnceItIsAttached) {
  xpoll_.must_load();
  expect_works();
  EXPECT_THAT(write_text(kParameter, "off"), SyscallFailsWithErrno(EBUSY));
  EXPECT_THAT(write_text(kParameter, "on"), SyscallFailsWithErrno(EINVAL));
  EXPECT_EQ(read_text(kParameter), "auto\n");
  expect_works();
}

TEST_F(CloseHookTest, AFailedAttemptIsMadeAgainWhenTheParameterIsWritten) {
  {
    const LoadedModule taken(blocker_, kBlockBoth);
    xpoll_.must_load();
    EXPECT_THAT(create(XPOLL_CREATE_CLOSE_REMOVES), SyscallFailsWithErrno(EOPNOTSUPP));
  }
  EXPECT_THAT(create(XPOLL_CREATE_CLOSE_REMOVES), SyscallFailsWithErrno(EOPNOTSUPP));
  EXPECT_THAT(write_text(kParameter, "auto"), SyscallSucceeds());
  expect_works();
}

TEST_F(CloseHookTest, AnAdditionAsksForItToo) {
  xpoll_.must_load();
  const unique_fd ep(create(XPOLL_CLOEXEC));
  const unique_fd file = make_eventfd(1);
  ASSERT_THAT(add_with_flags(ep.get(), file.get(), EPOLLIN, XPOLL_CHANGE_CLOSE), SyscallSucceeds());
  EXPECT_THAT(hooked_close_functions(), ElementsAre(kFirst));
}

// The mutex is let go meanwhile, so another thread may end what was found ready before.
TEST_F(CloseHookTest, AWatchThatEndsWhileAnAdditionAttachesItIsNotDelivered) {
  xpoll_.must_load();
  const unique_fd ep(create(XPOLL_CLOEXEC));
  const unique_fd one = make_eventfd(1);
  const unique_fd other = make_eventfd(1);
  Enter call(ep.get(), {change_of(EPOLL_CTL_ADD, one.get(), EPOLLIN | EPOLLONESHOT),
                        change_of(EPOLL_CTL_ADD, other.get(), EPOLLIN | EPOLLONESHOT)});
  call.changes[1].flags = XPOLL_CHANGE_CLOSE;
  Thread deleting([&] {
    // It waits for the mutex, which is free only while the hook is attached and after the call.
    while (backend_.del(ep.get(), one.get()) < 0) std::this_thread::yield();
  });
  ASSERT_THAT(call.call(), SyscallSucceeds());
  deleting.join();
  EXPECT_THAT(call.events(), Events(Event(other.get(), EPOLLIN)));
}

TEST_F(CloseHookTest, WithTheFirstTakenItWorksThroughTheSecond) {
  const LoadedModule taken(blocker_, kBlockFirst);
  const KernelLog log;
  xpoll_.must_load();
  expect_works();
  EXPECT_THAT(hooked_close_functions(), ElementsAre(kSecond));
  EXPECT_THAT(log.news(), HasSubstr("can't hook locks_remove_posix"));
}

TEST_F(CloseHookTest, WithBothTakenTheFlagsFailAndTheLogSaysWhy) {
  const LoadedModule taken(blocker_, kBlockBoth);
  const KernelLog log;
  xpoll_.must_load();
  EXPECT_THAT(create(XPOLL_CREATE_CLOSE_REMOVES), SyscallFailsWithErrno(EOPNOTSUPP));
  const unique_fd ep(create(XPOLL_CLOEXEC));
  const unique_fd file = make_eventfd(1);
  EXPECT_THAT(add_with_flags(ep.get(), file.get(), EPOLLIN, XPOLL_CHANGE_CLOSE),
              SyscallFailsWithErrno(EOPNOTSUPP));
  // after unknown flags, before all other errors
  EXPECT_THAT(add_with_flags(ep.get(), -1, EPOLLIN, XPOLL_CHANGE_CLOSE),
              SyscallFailsWithErrno(EOPNOTSUPP));
  EXPECT_THAT(add_with_flags(ep.get(), -1, EPOLLIN, XPOLL_CHANGE_CLOSE | 1U << 15),
              SyscallFailsWithErrno(EINVAL));
  struct xpoll_process process {};
  process.mode = XPOLL_PROCESS_XPOLL;
  process.flags = XPOLL_CREATE_CLOSE_REMOVES;
  EXPECT_THAT(ioctl(open_device().get(), XPOLL_IOC_PROCESS, &process),
              SyscallFailsWithErrno(EOPNOTSUPP));
  EXPECT_THAT(hooked_close_functions(), IsEmpty());
  EXPECT_THAT(log.news(), AllOf(HasSubstr("can't hook locks_remove_posix"),
                                HasSubstr("can't hook dnotify_flush"),
                                HasSubstr("watches can't end with their descriptor")));
  // Other watches work.
  ASSERT_THAT(backend_.add(ep.get(), file.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(file.get(), EPOLLIN)));
}

// As in epoll_calls_test.cc.
TEST_F(CloseHookTest, AfterAFailureItTriesAgainButNotSoon) {
  xpoll_.must_load();
  const auto attempt = std::chrono::steady_clock::now();
  {
    const LoadedModule taken(blocker_, kBlockBoth);
    EXPECT_THAT(create(XPOLL_CREATE_CLOSE_REMOVES), SyscallFailsWithErrno(EOPNOTSUPP));
  }
  wait_until("the next attempt",
             [] { return unique_fd(create(XPOLL_CREATE_CLOSE_REMOVES)).valid(); });
  EXPECT_GE(std::chrono::steady_clock::now() - attempt, std::chrono::seconds(10));
  expect_works();
}

TEST_F(CloseHookTest, ThreadsThatAskForItAtTheSameTimeAllGetIt) {
  constexpr int kThreads = 8;
  xpoll_.must_load();
  std::atomic<int> waiting{kThreads};
  std::atomic<int> created{0};
  std::list<Thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&] {
      --waiting;
      while (waiting > 0) std::this_thread::yield();
      created += create_instance(XPOLL_CLOEXEC | XPOLL_CREATE_CLOSE_REMOVES).valid();
    });
  for (Thread& thread : threads) thread.join();
  EXPECT_EQ(created, kThreads);
  EXPECT_THAT(hooked_close_functions(), ElementsAre(kFirst));
  expect_works();
}

TEST_F(CloseHookTest, AttachedAndUnloadedWhileThreadsCloseDescriptors) {
  const int cycles = stress_rounds(10);
  const Churn churn(2);
  for (int cycle = 0; cycle < cycles; ++cycle) {
    SCOPED_TRACE(cycle);
    xpoll_.must_load();
    expect_works();
    churn.wait_until_more();
    ASSERT_THAT(xpoll_.unload(), SyscallSucceeds());
    churn.wait_until_more();
  }
}

}  // namespace
}  // namespace xpoll::test
