// SPDX-License-Identifier: GPL-2.0-only
// EPOLLWAKEUP: a watch that keeps the system awake until its event is dealt with.
#include <linux/capability.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/eventfd.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/sleep_watch.h"
#include "util/wait_until.h"
#include "util/watched.h"

namespace xpoll_test {
namespace {

// The kernel was built with CONFIG_PM_SLEEP; without it EPOLLWAKEUP is dropped whoever asks.
bool systemCanSleep() { return access("/sys/power/wakeup_count", F_OK) == 0; }

__user_cap_data_struct* capabilityWord(__user_cap_data_struct (&data)[2], int capability) {
  return &data[capability / 32];
}

// In the calling thread alone.
void dropBlockSuspend() {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  __user_cap_data_struct data[2];
  checked(static_cast<int>(syscall(SYS_capget, &header, data)), "capget");
  capabilityWord(data, CAP_BLOCK_SUSPEND)->effective &= ~(1U << CAP_BLOCK_SUSPEND % 32);
  checked(static_cast<int>(syscall(SYS_capset, &header, data)), "capset");
}

bool hasBlockSuspend() {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  __user_cap_data_struct data[2];
  checked(static_cast<int>(syscall(SYS_capget, &header, data)), "capget");
  return capabilityWord(data, CAP_BLOCK_SUSPEND)->effective & (1U << CAP_BLOCK_SUSPEND % 32);
}

// Events that each of the system's wakeup sources has signalled.
std::map<std::string, long> wakeupSources() {
  std::map<std::string, long> sources;
  for (const auto& source : std::filesystem::directory_iterator("/sys/class/wakeup")) {
    std::ifstream(source.path() / "event_count") >> sources[source.path().filename()];
  }
  return sources;
}

class WakeupSourceTest : public EachBackend {
 protected:
  void SetUp() override {
    EachBackend::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    if (!hasBlockSuspend()) GTEST_SKIP() << "CAP_BLOCK_SUSPEND is missing";
    ep_ = backend_.instance();
  }

  bool isKept() const { return watchesOf(ep_.get()).at(0).events & EPOLLWAKEUP; }

  Fd ep_;
  const Fd eventfd_ = makeEventfd();
};
XPOLL_FOR_EACH_BACKEND(WakeupSourceTest);

TEST_P(WakeupSourceTest, BitIsDroppedSilentlyWithoutTheCapability) {
  Process child([&] {
    dropBlockSuspend();
    return backend_.add(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLWAKEUP);
  });
  ASSERT_THAT(child.join(), SyscallSucceeds());
  EXPECT_FALSE(isKept());
  post(eventfd_);
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(eventfd_.get(), EPOLLIN)));
}

TEST_P(WakeupSourceTest, BitIsDroppedSilentlyByModToo) {
  ASSERT_THAT(backend_.add(ep_.get(), eventfd_.get(), EPOLLIN), SyscallSucceeds());
  Process child([&] {
    dropBlockSuspend();
    return backend_.mod(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLWAKEUP);
  });
  ASSERT_THAT(child.join(), SyscallSucceeds());
  EXPECT_FALSE(isKept());
}

TEST_P(WakeupSourceTest, BitIsKeptWithTheCapabilityWhereTheSystemCanSleep) {
  ASSERT_THAT(backend_.add(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLWAKEUP), SyscallSucceeds());
  EXPECT_EQ(isKept(), systemCanSleep());
  post(eventfd_);
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(eventfd_.get(), EPOLLIN)));
  ASSERT_THAT(backend_.mod(ep_.get(), eventfd_.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_FALSE(isKept());
  ASSERT_THAT(backend_.mod(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLWAKEUP), SyscallSucceeds());
  EXPECT_EQ(isKept(), systemCanSleep());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(eventfd_.get(), EPOLLIN)));
}

bool hasEnded(const Process& process) {
  siginfo_t info{};
  checked(waitid(P_PID, static_cast<id_t>(process.pid()), &info, WEXITED | WNOHANG | WNOWAIT),
          "waitid");
  return info.si_pid != 0;
}

TEST_P(WakeupSourceTest, EventKeepsTheSystemAwakeUntilItIsDealtWith) {
  if (!systemCanSleep()) GTEST_SKIP() << "the kernel has no CONFIG_PM_SLEEP";
  ASSERT_THAT(backend_.add(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLWAKEUP), SyscallSucceeds());
  post(eventfd_);
  // Reading the count waits until no wakeup source is active.
  Process reader([] {
    long count = 0;
    return std::ifstream("/sys/power/wakeup_count") >> count ? 0 : -1;
  });
  waitUntil("the reader waits", [&] { return hasEnded(reader) || isAsleep(reader.pid()); });
  EXPECT_FALSE(hasEnded(reader));
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(eventfd_.get(), EPOLLIN)));
  EXPECT_FALSE(hasEnded(reader));
  take(eventfd_);
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  waitUntil("the system may sleep", [&] { return hasEnded(reader); });
  EXPECT_THAT(reader.join(), SyscallSucceeds());
}

TEST_P(WakeupSourceTest, EventSignalsAWakeupSourceThatLivesAsLongAsTheWatch) {
  if (!systemCanSleep()) GTEST_SKIP() << "the kernel has no CONFIG_PM_SLEEP";
  const auto before = wakeupSources();
  ASSERT_THAT(backend_.add(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLWAKEUP), SyscallSucceeds());
  post(eventfd_);
  long signalled = 0;
  for (const auto& [name, events] : wakeupSources()) {
    if (!before.contains(name)) signalled += events;
  }
  EXPECT_GE(signalled, 1);
  ASSERT_THAT(backend_.del(ep_.get(), eventfd_.get()), SyscallSucceeds());
  ep_.reset();
  EXPECT_EQ(wakeupSources().size(), before.size());
}

}  // namespace
}  // namespace xpoll_test
