// SPDX-License-Identifier: GPL-2.0-only
#include "ktap.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "stress.h"

namespace xpoll::test {
namespace {

// Five times as long as a test may wait for a condition. The longest tests take a few minutes on a
// debug kernel. XPOLL_STRESS makes tests longer.
constexpr std::chrono::minutes kStall{10};

void print_comment(std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    fmt::print("# {}\n", text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string skip_reason(const testing::TestResult& result) {
  for (int i = 0; i < result.total_part_count(); ++i) {
    const testing::TestPartResult& part = result.GetTestPartResult(i);
    if (!part.skipped()) continue;
    std::string reason = part.message();
    std::ranges::replace(reason, '\n', ' ');
    return reason;
  }
  return {};
}

}  // namespace

void KtapPrinter::OnTestProgramStart(const testing::UnitTest& run) {
  fmt::print("KTAP version 1\n1..{}\n", run.test_to_run_count());
  std::fflush(stdout);
}

void KtapPrinter::OnTestStart(const testing::TestInfo& test) {
  watch_.begin(fmt::format("{}.{}", test.test_suite_name(), test.name()));
}

void KtapPrinter::OnTestPartResult(const testing::TestPartResult& part) {
  if (!part.failed()) return;
  print_comment(fmt::format("{}:{}: {}", part.file_name() ? part.file_name() : "unknown file",
                            part.line_number(), part.message()));
  // the test may stall, and another process reports that
  std::fflush(stdout);
}

void KtapPrinter::OnTestEnd(const testing::TestInfo& test) {
  watch_.end();
  const testing::TestResult& result = *test.result();
  fmt::print("{} {} {}.{}", result.Failed() ? "not ok" : "ok", ++number_, test.test_suite_name(),
             test.name());
  if (result.Skipped()) fmt::print(" # SKIP {}", skip_reason(result));
  fmt::print("\n");
  // Flush, so that the output of a crashed kernel ends with the last completed test.
  std::fflush(stdout);
}

void KtapPrinter::OnTestProgramEnd(const testing::UnitTest& run) {
  fmt::print("{} passed, {} failed, {} skipped\n", run.successful_test_count(),
             run.failed_test_count(), run.skipped_test_count());
  std::fflush(stdout);
}

void print_ktap() {
  testing::TestEventListeners& listeners = testing::UnitTest::GetInstance()->listeners();
  const std::unique_ptr<testing::TestEventListener> replaced(
      listeners.Release(listeners.default_result_printer()));
  // The list takes ownership.
  listeners.Append(
      std::make_unique<KtapPrinter>(StallWatch(kStall * stress_rounds(1), STDOUT_FILENO))
          .release());
}

}  // namespace xpoll::test
