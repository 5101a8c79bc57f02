// SPDX-License-Identifier: GPL-2.0-only
// How long an urgent thread waits for the only processor during a call on an instance with many
// watches.
#include "longest_wait.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "instructions.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/descriptor_limit.h"
#include "util/each_backend.h"
#include "util/enter.h"
#include "util/fault_gate.h"
#include "util/matchers.h"
#include "util/requires.h"
#include "util/stats.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

using Action = std::function<void()>;

class LongestWaitTest : public XpollOnly {
 protected:
  static constexpr int kWatches = 20'000;
  // Some 64 lines of fdinfo.
  static constexpr std::int64_t kMost = 400'000;

  void SetUp() override {
    XpollOnly::SetUp();
    if (HasFatalFailure() || IsSkipped()) return;
    watch_up_to(kWatches);
  }
  void watch_up_to(int watches) {
    while (files_.size() < static_cast<std::size_t>(watches)) {
      files_.push_back(make_eventfd());
      checked(backend_.add(ep_.get(), files_.back().get(), EPOLLIN), "add");
    }
  }

  void make_all_ready() {
    for (const unique_fd& file : files_) post(file);
  }
  // They stay on the ready list until a scan looks.
  void make_all_idle_but_listed() {
    make_all_ready();
    for (const unique_fd& file : files_) take(file);
  }
  void read_fdinfo() const {
    const unique_fd info = checked_fd(
        open(fmt::format("/proc/self/fdinfo/{}", ep_.get()).c_str(), O_RDONLY | O_CLOEXEC),
        "fdinfo");
    std::vector<char> text(1 << 16);
    while (checked(static_cast<int>(read(info.get(), text.data(), text.size())), "read") > 0)
      continue;
  }

  static void expect_short(const Action& action) {
    std::int64_t whole = 0;
    const std::int64_t longest = longest_wait([&] { whole = instructions_of(action); });
    std::cout << fmt::format("# {}: waited {} of {} instructions\n",
                             testing::UnitTest::GetInstance()->current_test_info()->name(), longest,
                             whole);
    EXPECT_GT(whole, 2 * kMost) << "too short to tell";
    EXPECT_LE(longest, kMost);
  }

  const DescriptorLimit room_{100'000};
  const unique_fd ep_ = backend_.instance();
  std::vector<unique_fd> files_;
};

// The first read makes the kernel find memory for so much text, for which 6.12 takes 676,000
// instructions without yielding the processor, however many of the lines the module writes.
TEST_F(LongestWaitTest, ForTheProcessorWhileFdinfoIsRead) {
  files_.resize(1'500);
  read_fdinfo();
  expect_short([this] { read_fdinfo(); });
}

TEST_F(LongestWaitTest, ForTheProcessorWhileAWaitDeliversManyEvents) {
  make_all_ready();
  std::vector<epoll_event> events(kWatches);
  expect_short([&] { EXPECT_EQ(backend_.wait(ep_.get(), events.data(), kWatches, 0), kWatches); });
}

TEST_F(LongestWaitTest, ForTheProcessorWhileAWaitFindsManyIdle) {
  make_all_idle_but_listed();
  epoll_event event{};
  expect_short([&] { EXPECT_EQ(backend_.wait(ep_.get(), &event, 1, 0), 0); });
}

TEST_F(LongestWaitTest, ForTheProcessorWhilePollFindsManyIdle) {
  make_all_idle_but_listed();
  pollfd fd{.fd = ep_.get(), .events = POLLIN, .revents = 0};
  expect_short([&] { EXPECT_EQ(::poll(&fd, 1, 0), 0); });
}

TEST_F(LongestWaitTest, ForTheProcessorWhileAMinimumIsCounted) {
  make_all_ready();
  Enter call(ep_.get(), {}, kWatches + 1);
  call.arguments.minevents = kWatches + 1;
  call.arguments.timeout_ns = 0;
  expect_short([&] { EXPECT_THAT(call.call(), SyscallSucceedsWithValue(kWatches)); });
}

// They became ready while the scan was stopped at a page fault.
TEST_F(LongestWaitTest, ForTheProcessorWhileManyLeaveTheOverflowList) {
  XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
  const unique_fd front = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep_.get(), front.get(), EPOLLIN), SyscallSucceeds());
  FaultGate gate;
  Waiter scan(backend_, ep_.get(), gate.array_gated_at(0), 1);
  gate.wait_until_reached();
  make_all_ready();
  const std::int64_t longest = longest_wait([&] {
    gate.open();
    EXPECT_THAT(scan.join(), SyscallSucceedsWithValue(1));
  });
  EXPECT_GE(stats_of(ep_).overflows, static_cast<std::uint64_t>(kWatches) / 2);
  std::cout << fmt::format("# overflow list: waited {} instructions\n", longest);
  EXPECT_LE(longest, kMost / 2);
}

}  // namespace
}  // namespace xpoll::test
