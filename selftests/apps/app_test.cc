// SPDX-License-Identifier: GPL-2.0-only
#include "apps/app_test.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/utsname.h>

#include <regex>
#include <stdexcept>

#include "apps/settings.h"

namespace xpoll_test {
namespace {

// A log in a failure message is cut to its last part; the whole is in the log's directory.
constexpr std::size_t kShownOfALog = 4000;

std::string endOf(const std::string& text) {
  return text.size() <= kShownOfALog ? text : "..." + text.substr(text.size() - kShownOfALog);
}

// "Redis.ServesWhileItSaves/xpoll" as the name of a directory.
std::string currentTestName() {
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  std::string name = fmt::format("{}.{}", test.test_suite_name(), test.name());
  for (char& c : name)
    if (c == '/') c = '-';
  return name;
}

std::string runningRelease() {
  utsname name{};
  checked(uname(&name), "uname");
  return name.release;
}

}  // namespace

void AppTest::SetUp() {
  // Natively too: the module tells that a native program did not touch it.
  requireXpoll();
  logs_ = appSettings().logs / currentTestName();
  std::filesystem::create_directories(logs_);
}

void AppTest::TearDown() {
  if (HasFailure())
    for (const auto& program : programs_)
      ADD_FAILURE() << program->log() << " ends so:\n" << endOf(program->output());
  programs_.clear();
}

Program& AppTest::startOn(Backend backend, const Command& command) {
  const auto log = logs_ / fmt::format("{}-{}.log", programs_.size(),
                                       std::filesystem::path(command.program).filename().string());
  programs_.push_back(std::make_unique<Program>(backend, command, log));
  return *programs_.back();
}

Program& AppTest::start(const Command& command) { return startOn(backend_, command); }

Program& AppTest::startNative(const Command& command) {
  return startOn(Backend::native(), command);
}

Program& AppTest::run(const Command& command) {
  Program& program = start(command);
  EXPECT_EQ(program.wait(), 0) << command.program << " ended with that status";
  return program;
}

void AppTest::expectWatchedOnBackend(const Program& program) const {
  const RunStats stats = program.stats();
  if (backend_.isNative()) {
    EXPECT_EQ(stats, RunStats{}) << "a native program came to xpoll";
    return;
  }
  EXPECT_GT(stats.instances, 0U);
  EXPECT_GT(stats.watches, 0U);
}

void AppTest::expectRanOnBackend(const Program& program) const {
  expectWatchedOnBackend(program);
  if (backend_.isXpoll()) {
    EXPECT_GT(program.stats().events, 0U);
  }
}

void AppTest::record(std::string_view program, std::string_view work, std::uint64_t errors,
                     const RunStats& stats) const {
  RecordProperty("program", std::string(program));
  RecordProperty("release", runningRelease());
  RecordProperty("backend", backend_.name());
  RecordProperty("work", std::string(work));
  RecordProperty("errors", std::to_string(errors));
  RecordProperty("instances", std::to_string(stats.instances));
  RecordProperty("watches", std::to_string(stats.watches));
  RecordProperty("wakeups", std::to_string(stats.wakeups));
  RecordProperty("events", std::to_string(stats.events));
}

std::string AppTest::versionOf(const Command& command, const std::string& pattern) {
  Program& program = startNative(command);
  // wrk prints its version and fails.
  program.wait();
  const std::string output = program.output();
  std::smatch match;
  if (!std::regex_search(output, match, std::regex(pattern)))
    throw std::runtime_error(fmt::format("{} says no version: {}", command.program, output));
  return match[1];
}

}  // namespace xpoll_test
