// SPDX-License-Identifier: GPL-2.0-only
#include "apps/app_test.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/utsname.h>

#include <regex>
#include <stdexcept>

#include "apps/settings.h"
#include "tools/util/file.h"
#include "tools/util/listed_instances.h"

namespace xpoll::test {
namespace {

// A failure message shows only the end of a log. The directory has the whole log.
constexpr std::size_t kShownOfALog = 4000;

std::string end_of(const std::string& text) {
  return text.size() <= kShownOfALog ? text : "..." + text.substr(text.size() - kShownOfALog);
}

// Turns "Redis.ServesWhileItSaves/xpoll" into a directory name.
std::string current_test_name() {
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  std::string name = fmt::format("{}.{}", test.test_suite_name(), test.name());
  for (char& c : name)
    if (c == '/') c = '-';
  return name;
}

// The kernel numbers instances in the order of their creation.
std::uint64_t number_of_a_new_instance() {
  const unique_fd instance = Backend::xpoll().instance();
  return parse_listed_instances(read_file(kInstanceList)).back().id;
}

std::string running_release() {
  utsname name{};
  checked(uname(&name), "uname");
  return name.release;
}

}  // namespace

void AppTest::SetUp() {
  // On native epoll too: the module shows that a native program did not use it.
  require_xpoll();
  if (IsSkipped() || HasFatalFailure()) return;
  newest_instance_ = number_of_a_new_instance();
  logs_ = app_settings().logs / current_test_name();
  std::filesystem::create_directories(logs_);
}

void AppTest::TearDown() {
  if (HasFailure())
    for (const auto& program : programs_)
      ADD_FAILURE() << program->log() << " ends so:\n" << end_of(program->output());
  programs_.clear();
}

Program& AppTest::start_on(const Platform& platform, const Command& command) {
  const auto log = logs_ / fmt::format("{}-{}.log", programs_.size(),
                                       std::filesystem::path(command.program).filename().string());
  programs_.push_back(std::make_unique<Program>(platform, command, log));
  return *programs_.back();
}

Program& AppTest::start(const Command& command) { return start_on(GetParam(), command); }

Program& AppTest::start_native(const Command& command) { return start_on(kNativeEpoll, command); }

Program& AppTest::run(const Command& command) {
  Program& program = start(command);
  EXPECT_EQ(program.wait(), 0) << command.program << " ended with that status";
  return program;
}

void AppTest::expect_watched_on_backend(const Program& program) {
  if (backend_.is_native()) {
    EXPECT_EQ(number_of_a_new_instance(), ++newest_instance_) << "a native program came to xpoll";
    return;
  }
  const RunStats stats = program.stats();
  EXPECT_GT(stats.instances, 0U);
  EXPECT_GT(stats.watches, 0U);
}

void AppTest::expect_ran_on_backend(const Program& program) {
  expect_watched_on_backend(program);
  if (backend_.is_xpoll()) {
    EXPECT_GT(program.stats().events, 0U);
  }
}

void AppTest::record(std::string_view program, std::string_view work, std::uint64_t errors,
                     const RunStats& stats) const {
  RecordProperty("program", std::string(program));
  RecordProperty("release", running_release());
  RecordProperty("backend", GetParam().name);
  RecordProperty("work", std::string(work));
  RecordProperty("errors", std::to_string(errors));
  RecordProperty("instances", std::to_string(stats.instances));
  RecordProperty("watches", std::to_string(stats.watches));
  RecordProperty("wakeups", std::to_string(stats.wakeups));
  RecordProperty("events", std::to_string(stats.events));
}

std::string AppTest::version_of(const Command& command, const std::string& pattern) {
  Program& program = start_native(command);
  // wrk prints its version and exits with an error.
  program.wait();
  const std::string output = program.output();
  std::smatch match;
  if (!std::regex_search(output, match, std::regex(pattern)))
    throw std::runtime_error(fmt::format("{} says no version: {}", command.program, output));
  return match[1];
}

}  // namespace xpoll::test
