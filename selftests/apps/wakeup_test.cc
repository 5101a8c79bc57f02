// SPDX-License-Identifier: GPL-2.0-only
// The kernel's tools/testing/selftests/filesystems/epoll/epoll_wakeup_test.c.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "apps/app_test.h"
#include "apps/ktap_results.h"
#include "apps/settings.h"
#include "util/difference.h"

namespace xpoll::test {
namespace {

using testing::AnyOfArray;
using testing::Each;

constexpr std::size_t kTests = 64;
constexpr int kMaxRuns = 3;
constexpr std::chrono::minutes kRunLimit{10};

// Tests that a correct kernel passes only if the scheduler runs threads in the expected order, so a
// failure in one run proves nothing.
std::set<std::string> tests_of_luck(Backend backend) {
  // Edge-triggered, two events, and a thread that sleeps in poll() before a wait with timeout 0.
  // The wait returns nothing if it runs after the first event was taken and before the second is
  // sent.
  std::set<std::string> tests{"epoll16", "epoll56", "epoll58"};
  // A thread, or ten, must have run within a second while another one spins.
  tests.insert({"epoll59", "epoll60"});
  // All tests that wait with timeout 0 beside another waiter.
  if (differs(backend, Difference::kFalseNothingReady))
    tests.insert({"epoll13", "epoll15", "epoll29", "epoll30", "epoll41", "epoll43", "epoll45",
                  "epoll47", "epoll55", "epoll57"});
  return tests;
}

class WakeupTest : public AppTest {};

TEST_P(WakeupTest, PassesEachOfIts64Tests) {
  // The preload library serves dynamic programs only.
  const bool is_static = std::string_view(GetParam().name) == kXpollByCalls.name;
  const std::filesystem::path directory = is_static ? "static" : "dynamic";
  const std::set<std::string> luck = tests_of_luck(backend_);
  std::set<std::string> passed;
  RunStats sum;
  int runs = 0;
  while (passed.size() < kTests && runs < kMaxRuns) {
    Program& program =
        start({.program = app_settings().wakeup_tests / directory / "epoll_wakeup_test",
               .arguments = {},
               .environment = {}});
    const int status = program.wait(kRunLimit);
    const KtapResults results = parse_ktap(program.output());
    expect_ran_on_backend(program);
    sum += program.stats();
    ++runs;
    ASSERT_EQ(results.passed.size() + results.failed.size(), kTests);
    EXPECT_EQ(status == 0, results.failed.empty()) << "status " << status;
    EXPECT_THAT(results.failed, Each(AnyOfArray(luck)));
    passed.insert(results.passed.begin(), results.passed.end());
    if (HasFailure()) break;
  }
  EXPECT_EQ(passed.size(), kTests);
  record("epoll_wakeup_test 6.1",
         fmt::format("{} of {} tests in {} run(s)", passed.size(), kTests, runs),
         kTests - passed.size(), sum);
}

XPOLL_IN_EACH_WAY(WakeupTest);

}  // namespace
}  // namespace xpoll::test
