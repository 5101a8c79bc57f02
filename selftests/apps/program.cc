// SPDX-License-Identifier: GPL-2.0-only
#include "apps/program.h"

#include <fcntl.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "apps/packages.h"
#include "apps/settings.h"
#include "tools/util/file.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

namespace fs = std::filesystem;

// The only child of a process, or -1.
pid_t child_of(pid_t pid) {
  std::ifstream children("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) +
                         "/children");
  pid_t child = -1;
  children >> child;
  return children ? child : -1;
}

}  // namespace

Program::Program(const Platform& platform, const Command& command, fs::path log)
    : platform_(platform), log_(std::move(log)) {
  const unique_fd output = open_file(log_, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
  ChildSetup setup;
  setup.out = setup.err = output.get();
  setup.own_group = true;
  setup.held = true;
  if (!command.directory.empty()) setup.cwd = command.directory;
  setup.environment = child_environment(command.environment);
  Argv arguments;
  if (platform_.backend.is_xpoll())
    arguments = {app_settings().xpoll_run, platform_.option, "--stats-json", stats_file()};
  else
    setup.environment.push_back("XPOLL_GROUP=" + std::to_string(group_.id()));
  arguments.push_back(find_program(command.program));
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  leader_.emplace(arguments, setup);
  leader_->release();
}

pid_t Program::pid() const {
  if (platform_.backend.is_native()) return leader_->pid();
  pid_t child = -1;
  wait_until("xpoll-run's child", [&] { return (child = child_of(leader_->pid())) > 0; });
  return child;
}

bool Program::running() const { return !leader_->ended_within(std::chrono::milliseconds(0)); }

void Program::signal(int number) const { checked(kill(pid(), number), "kill"); }

int Program::wait(std::chrono::seconds limit) {
  if (!leader_->ended_within(limit))
    throw std::runtime_error("still running: the program of " + log_.string());
  return leader_->wait();
}

int Program::stop(int number) {
  signal(number);
  return wait();
}

std::string Program::output() const {
  std::ifstream in(log_);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

RunStats Program::stats() const {
  return platform_.backend.is_xpoll() ? read_stats(stats_file()) : group_.stats();
}

fs::path Program::stats_file() const { return fs::path(log_).replace_extension(".stats.json"); }

}  // namespace xpoll::test
