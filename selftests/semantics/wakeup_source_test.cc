// SPDX-License-Identifier: GPL-2.0-only
// EPOLLWAKEUP: a watch that keeps the system awake until its event is handled.
#include <linux/capability.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <utility>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/close_removes.h"
#include "util/cookie.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/requires.h"
#include "util/sleep_watch.h"
#include "util/wakeup_sources.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

// Whether the kernel has CONFIG_PM_SLEEP. Without it the kernel drops EPOLLWAKEUP for every caller.
bool system_can_sleep() { return access("/sys/power/wakeup_count", F_OK) == 0; }

__user_cap_data_struct* capability_word(__user_cap_data_struct (&data)[2], int capability) {
  return &data[capability / 32];
}

// Only in the calling thread.
void drop_block_suspend() {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  __user_cap_data_struct data[2];
  checked(static_cast<int>(syscall(SYS_capget, &header, data)), "capget");
  capability_word(data, CAP_BLOCK_SUSPEND)->effective &= ~(1U << CAP_BLOCK_SUSPEND % 32);
  checked(static_cast<int>(syscall(SYS_capset, &header, data)), "capset");
}

bool has_block_suspend() {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  __user_cap_data_struct data[2];
  checked(static_cast<int>(syscall(SYS_capget, &header, data)), "capget");
  return capability_word(data, CAP_BLOCK_SUSPEND)->effective & (1U << CAP_BLOCK_SUSPEND % 32);
}

class WakeupSourceTest : public EachBackend {
 protected:
  void SetUp() override {
    EachBackend::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    if (!has_block_suspend()) GTEST_SKIP() << "CAP_BLOCK_SUSPEND is missing";
    ep_ = backend_.instance();
  }

  bool is_kept() const { return watches_of(ep_.get()).at(0).events & EPOLLWAKEUP; }

  unique_fd ep_;
  const unique_fd eventfd_ = make_eventfd();
};
XPOLL_FOR_EACH_BACKEND(WakeupSourceTest);

TEST_P(WakeupSourceTest, BitIsDroppedSilentlyWithoutTheCapability) {
  Process child([&] {
    drop_block_suspend();
    return backend_.add(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLWAKEUP);
  });
  ASSERT_THAT(child.join(), SyscallSucceeds());
  EXPECT_FALSE(is_kept());
  post(eventfd_);
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(eventfd_.get(), EPOLLIN)));
}

TEST_P(WakeupSourceTest, RootOfAUserNamespaceLacksTheCapability) {
  if (Process([] { return unshare(CLONE_NEWUSER); }).join() < 0)
    GTEST_SKIP() << "user namespaces are not permitted";
  Process child([&] {
    checked(unshare(CLONE_NEWUSER), "unshare");
    return backend_.add(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLWAKEUP);
  });
  ASSERT_THAT(child.join(), SyscallSucceeds());
  EXPECT_FALSE(is_kept());
}

TEST_P(WakeupSourceTest, BitIsDroppedSilentlyByModToo) {
  ASSERT_THAT(backend_.add(ep_.get(), eventfd_.get(), EPOLLIN), SyscallSucceeds());
  Process child([&] {
    drop_block_suspend();
    return backend_.mod(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLWAKEUP);
  });
  ASSERT_THAT(child.join(), SyscallSucceeds());
  EXPECT_FALSE(is_kept());
}

TEST_P(WakeupSourceTest, BitIsKeptWithTheCapabilityWhereTheSystemCanSleep) {
  ASSERT_THAT(backend_.add(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLWAKEUP), SyscallSucceeds());
  EXPECT_EQ(is_kept(), system_can_sleep());
  post(eventfd_);
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(eventfd_.get(), EPOLLIN)));
  ASSERT_THAT(backend_.mod(ep_.get(), eventfd_.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_FALSE(is_kept());
  ASSERT_THAT(backend_.mod(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLWAKEUP), SyscallSucceeds());
  EXPECT_EQ(is_kept(), system_can_sleep());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(eventfd_.get(), EPOLLIN)));
}

bool has_ended(const Process& process) {
  siginfo_t info{};
  checked(waitid(P_PID, static_cast<id_t>(process.pid()), &info, WEXITED | WNOHANG | WNOWAIT),
          "waitid");
  return info.si_pid != 0;
}

TEST_P(WakeupSourceTest, EventKeepsTheSystemAwakeUntilItIsDealtWith) {
  XPOLL_REQUIRE(system_can_sleep(), "CONFIG_PM_SLEEP");
  ASSERT_THAT(backend_.add(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLWAKEUP), SyscallSucceeds());
  post(eventfd_);
  // A read of the count blocks while a wakeup source is active.
  Process reader([] {
    long count = 0;
    return std::ifstream("/sys/power/wakeup_count") >> count ? 0 : -1;
  });
  wait_until("the reader waits", [&] { return has_ended(reader) || is_asleep(reader.pid()); });
  EXPECT_FALSE(has_ended(reader));
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(eventfd_.get(), EPOLLIN)));
  EXPECT_FALSE(has_ended(reader));
  take(eventfd_);
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  wait_until("the system may sleep", [&] { return has_ended(reader); });
  EXPECT_THAT(reader.join(), SyscallSucceeds());
}

TEST_P(WakeupSourceTest, EventSignalsAWakeupSourceThatLivesAsLongAsTheWatch) {
  XPOLL_REQUIRE(system_can_sleep(), "CONFIG_PM_SLEEP");
  const auto before = wakeup_sources();
  ASSERT_THAT(backend_.add(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLWAKEUP), SyscallSucceeds());
  post(eventfd_);
  long signalled = 0;
  for (const auto& [name, events] : wakeup_sources()) {
    if (!before.contains(name)) signalled += events;
  }
  EXPECT_GE(signalled, 1);
  ASSERT_THAT(backend_.del(ep_.get(), eventfd_.get()), SyscallSucceeds());
  ep_.reset();
  EXPECT_EQ(wakeup_sources().size(), before.size());
}

// Each of these calls has a check of its own.
using WakeupSourceChangeTest = XpollOnly;

TEST_F(WakeupSourceChangeTest, BitIsDroppedSilentlyWithoutTheCapability) {
  if (!has_block_suspend() || !system_can_sleep()) GTEST_SKIP() << "no EPOLLWAKEUP";
  constexpr std::uint32_t kAwake = EPOLLIN | EPOLLWAKEUP;
  const unique_fd ep = backend_.instance();
  const unique_fd file = make_eventfd();
  const std::uint64_t cookie = add_with_cookie(ep.get(), file.get()).value();
  const auto is_kept = [&] { return (watches_of(ep.get()).at(0).events & EPOLLWAKEUP) != 0; };
  const auto single = [&](int op) {
    struct xpoll_change change = change_of(op, file.get(), kAwake);
    return ioctl(ep.get(), XPOLL_IOC_CHANGE, &change);
  };
  const auto enter = [&](int op) {
    return make_change(ep.get(), change_of(op, file.get(), kAwake));
  };
  const auto without_capability = [](const std::function<int()>& call) {
    Process child([&] {
      drop_block_suspend();
      return call();
    });
    return child.join();
  };
  const std::pair<const char*, std::function<int()>> ways[] = {
      {"MOD by cookie", [&] { return mod_by_cookie(ep.get(), cookie, kAwake); }},
      {"CHANGE, MOD", [&] { return single(EPOLL_CTL_MOD); }},
      {"CHANGE, UPSERT", [&] { return single(XPOLL_CTL_UPSERT); }},
      {"ENTER, MOD", [&] { return enter(EPOLL_CTL_MOD); }},
      {"ENTER, UPSERT", [&] { return enter(XPOLL_CTL_UPSERT); }},
  };
  for (const auto& way : ways) {
    SCOPED_TRACE(way.first);
    ASSERT_THAT(way.second(), SyscallSucceeds());
    EXPECT_TRUE(is_kept());
    ASSERT_THAT(backend_.mod(ep.get(), file.get(), EPOLLIN), SyscallSucceeds());
    ASSERT_THAT(without_capability(way.second), SyscallSucceeds());
    EXPECT_FALSE(is_kept());
  }
  for (const int op : {EPOLL_CTL_ADD + 0, XPOLL_CTL_UPSERT + 0}) {
    ASSERT_THAT(backend_.del(ep.get(), file.get()), SyscallSucceeds());
    ASSERT_THAT(without_capability([&] { return enter(op); }), SyscallSucceeds());
    EXPECT_FALSE(is_kept());
  }
}

}  // namespace
}  // namespace xpoll::test
