// SPDX-License-Identifier: GPL-2.0-only
// When the module hooks epoll's own functions, when it can't, and when it removes the hooks.
#include "util/epoll_calls.h"

#include <sys/epoll.h>

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

#include "load/hooks.h"
#include "load/kernel_log.h"
#include "load/load_test.h"
#include "load/pseudo_file.h"
#include "load/traffic.h"
#include "tools/util/descriptors.h"
#include "tools/util/wait_until.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

using std::chrono::steady_clock;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAreArray;

constexpr int kConnections = 5;
// At least so long after an attempt that failed comes the next one, unless root asks for it.
constexpr std::chrono::seconds kRetryInterval{10};

int count_of(std::string_view text, std::string_view log) {
  int count = 0;
  for (std::size_t at = log.find(text); at != std::string_view::npos; at = log.find(text, at + 1))
    ++count;
  return count;
}

class EpollCallsLoadTest : public LoadTest {
 protected:
  static int opt_in_and_end() {
    return in_opted_process([] { return creates_instances() ? 0 : -1; });
  }

  static int set_parameter(const char* value) {
    return write_text("/sys/module/xpoll/parameters/epoll_calls", value);
  }

  static void expect_all_hooked() {
    EXPECT_THAT(hooked_epoll_functions(), UnorderedElementsAreArray(epoll_functions()));
    EXPECT_TRUE(has_epoll_calls());
  }
  static void expect_none_hooked() {
    EXPECT_THAT(hooked_epoll_functions(), IsEmpty());
    EXPECT_FALSE(has_epoll_calls());
  }
};

TEST_F(EpollCallsLoadTest, NothingIsHookedBeforeAProcessOptsIn) {
  xpoll_.must_load();
  expect_none_hooked();
  ASSERT_THAT(opt_in_and_end(), SyscallSucceeds());
  expect_all_hooked();
  xpoll_.must_unload();
  EXPECT_THAT(hooked_epoll_functions(), IsEmpty());
}

TEST_F(EpollCallsLoadTest, AnOptInThatFailsHooksNothing) {
  xpoll_.must_load("close_removes=off");
  struct xpoll_process process {};
  process.mode = XPOLL_PROCESS_XPOLL;
  process.flags = XPOLL_CREATE_CLOSE_REMOVES;
  EXPECT_THAT(ioctl(open_device().get(), XPOLL_IOC_PROCESS, &process),
              SyscallFailsWithErrno(EOPNOTSUPP));
  constexpr std::uint32_t kNoGroup = 1;
  EXPECT_THAT(set_process(XPOLL_PROCESS_XPOLL, kNoGroup), SyscallFailsWithErrno(ESRCH));
  expect_none_hooked();
}

TEST_F(EpollCallsLoadTest, WithOneFunctionTakenNoneIsHookedAndIoctlsWork) {
  for (const std::string& function : epoll_functions()) {
    SCOPED_TRACE(function);
    const KernelLog log;
    {
      const LoadedModule taken(blocker_, "functions=" + function);
      xpoll_.must_load();
      EXPECT_THAT(set_process(XPOLL_PROCESS_XPOLL), SyscallFailsWithErrno(EOPNOTSUPP));
      EXPECT_THAT(log.news(), HasSubstr("can't hook " + function));
      expect_none_hooked();
      EXPECT_FALSE(creates_instances());
      Traffic().serve(kConnections);
    }
    xpoll_.must_unload();
  }
}

TEST_F(EpollCallsLoadTest, AFailedAttemptIsMadeAgainWhenTheParameterIsWritten) {
  {
    const LoadedModule taken(blocker_, "functions=do_epoll_ctl");
    xpoll_.must_load();
    EXPECT_THAT(set_process(XPOLL_PROCESS_XPOLL), SyscallFailsWithErrno(EOPNOTSUPP));
    EXPECT_THAT(set_parameter("on"), SyscallFailsWithErrno(EOPNOTSUPP));
  }
  EXPECT_THAT(set_process(XPOLL_PROCESS_XPOLL), SyscallFailsWithErrno(EOPNOTSUPP));
  EXPECT_THAT(set_parameter("on"), SyscallSucceeds());
  expect_all_hooked();
  EXPECT_THAT(opt_in_and_end(), SyscallSucceeds());
}

TEST_F(EpollCallsLoadTest, AnOptInTriesAgainLaterWhatAnotherUserPrevented) {
  const auto attempt = steady_clock::now();
  {
    const LoadedModule taken(blocker_, "functions=do_epoll_ctl");
    xpoll_.must_load();
    EXPECT_THAT(set_process(XPOLL_PROCESS_XPOLL), SyscallFailsWithErrno(EOPNOTSUPP));
  }
  wait_until("an opt-in", [] { return set_process(XPOLL_PROCESS_XPOLL) == 0; });
  EXPECT_GE(steady_clock::now() - attempt, kRetryInterval);
  expect_all_hooked();
  EXPECT_TRUE(creates_instances());
  EXPECT_THAT(set_process(XPOLL_PROCESS_NATIVE), SyscallSucceedsWithValue(1));
}

// The test of the hooks needs a native watch.
TEST_F(EpollCallsLoadTest, AnOptInTriesAgainLaterIfRootHadAllItsWatches) {
  constexpr const char* kLimit = "/proc/sys/fs/epoll/max_user_watches";
  const std::string limit = read_text(kLimit);
  xpoll_.must_load();
  must_write(kLimit, "0");
  EXPECT_THAT(set_process(XPOLL_PROCESS_XPOLL), SyscallFailsWithErrno(EOPNOTSUPP));
  must_write(kLimit, limit);
  wait_until("an opt-in", [] { return set_process(XPOLL_PROCESS_XPOLL) == 0; });
  expect_all_hooked();
  EXPECT_THAT(set_process(XPOLL_PROCESS_NATIVE), SyscallSucceedsWithValue(1));
}

TEST_F(EpollCallsLoadTest, HowOftenProcessesOptInDoesNotDecideHowOftenItTries) {
  const LoadedModule taken(blocker_, "functions=do_epoll_create");
  xpoll_.must_load();
  const KernelLog log;
  const auto begin = steady_clock::now();
  auto end = begin;
  while (end < begin + kRetryInterval) {
    ASSERT_THAT(set_process(XPOLL_PROCESS_XPOLL), SyscallFailsWithErrno(EOPNOTSUPP));
    end = steady_clock::now();
  }
  const int attempts = count_of("can't hook do_epoll_create", log.news());
  EXPECT_GE(attempts, 1);
  EXPECT_LE(attempts, 1 + (end - begin) / kRetryInterval);
}

TEST_F(EpollCallsLoadTest, WhatTheModuleTookIsRefusedToOthersAndWorksOn) {
  xpoll_.must_load("epoll_calls=on");
  for (const std::string& function : epoll_functions())
    EXPECT_THAT(blocker_.load("functions=" + function), SyscallFailsWithErrno(EBUSY));
  EXPECT_THAT(opt_in_and_end(), SyscallSucceeds());
}

TEST_F(EpollCallsLoadTest, TheParameterHooksAtLoad) {
  xpoll_.must_load("epoll_calls=on");
  expect_all_hooked();
  EXPECT_THAT(set_parameter("off"), SyscallFailsWithErrno(EBUSY));
  EXPECT_THAT(read_text("/sys/module/xpoll/parameters/epoll_calls"), "on\n");
}

TEST_F(EpollCallsLoadTest, TheParameterAtLoadThatFindsAFunctionTakenDoesNotKeepItFromLoading) {
  const LoadedModule taken(blocker_, "functions=do_epoll_create");
  xpoll_.must_load("epoll_calls=on");
  expect_none_hooked();
  Traffic().serve(1);
}

TEST_F(EpollCallsLoadTest, TheParameterForbids) {
  xpoll_.must_load("epoll_calls=off");
  EXPECT_THAT(set_process(XPOLL_PROCESS_XPOLL), SyscallFailsWithErrno(EOPNOTSUPP));
  expect_none_hooked();
  EXPECT_THAT(set_parameter("auto"), SyscallSucceeds());
  EXPECT_THAT(opt_in_and_end(), SyscallSucceeds());
  expect_all_hooked();
}

TEST_F(EpollCallsLoadTest, AnUnknownValueOfTheParameterIsRefused) {
  EXPECT_THAT(xpoll_.load("epoll_calls=maybe"), SyscallFailsWithErrno(EINVAL));
  xpoll_.must_load();
  EXPECT_THAT(set_parameter("maybe"), SyscallFailsWithErrno(EINVAL));
}

TEST_F(EpollCallsLoadTest, AProcessThatOptedInCreatesNativeInstancesAfterTheUnload) {
  xpoll_.must_load();
  ASSERT_THAT(set_process(XPOLL_PROCESS_XPOLL), SyscallSucceeds());
  EXPECT_TRUE(creates_instances());
  xpoll_.must_unload();
  EXPECT_FALSE(creates_instances());
  xpoll_.must_load();
  EXPECT_FALSE(creates_instances());
}

// The typical calls of a program that uses epoll, repeated.
void use_native_epoll(const std::atomic<bool>& stop, std::atomic<int>& rounds) {
  const unique_fd ready = make_eventfd(1);
  while (!stop) {
    const unique_fd ep = checked_fd(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    epoll_event event{.events = EPOLLIN, .data = {}};
    checked(epoll_ctl(ep.get(), EPOLL_CTL_ADD, ready.get(), &event), "epoll_ctl");
    if (checked(epoll_wait(ep.get(), &event, 1, -1), "epoll_wait") != 1)
      throw std::runtime_error("event lost");
    checked(epoll_ctl(ep.get(), EPOLL_CTL_DEL, ready.get(), nullptr), "epoll_ctl");
    if (checked(epoll_wait(ep.get(), &event, 1, 1), "epoll_wait") != 0)
      throw std::runtime_error("event of nothing");
    ++rounds;
  }
}

TEST_F(EpollCallsLoadTest, LoadsAndUnloadsWhileOthersUseBothKinds) {
  constexpr int kCycles = 20;  // XPOLL_STRESS=25 makes it 500
  std::atomic<bool> stop{false};
  std::atomic<int> rounds{0};
  Thread one([&] { use_native_epoll(stop, rounds); });
  Thread other([&] { use_native_epoll(stop, rounds); });
  const SetAtExit end(stop);
  const int cycles = stress_rounds(kCycles);
  for (int cycle = 0; cycle < cycles; ++cycle) {
    SCOPED_TRACE(cycle);
    const int before = rounds;
    xpoll_.must_load();
    ASSERT_THAT(in_opted_process([] {
                  std::atomic<bool> enough{false};
                  std::atomic<int> own{0};
                  Thread user([&] { use_native_epoll(enough, own); });
                  const SetAtExit stop_user(enough);
                  wait_until("rounds on instances", [&] { return own > 3; });
                  return creates_instances() ? 0 : -1;
                }),
                SyscallSucceeds());
    ASSERT_THAT(xpoll_.unload(), SyscallSucceeds());
    wait_until("rounds on native epoll", [&] { return rounds > before; });
  }
}

}  // namespace
}  // namespace xpoll::test
