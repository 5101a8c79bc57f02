// SPDX-License-Identifier: GPL-2.0-only
#include "apps/program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "apps/packages.h"
#include "apps/settings.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

namespace fs = std::filesystem;

void check_spawn(int error, const std::string& what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

class SpawnActions {
 public:
  SpawnActions() { check_spawn(posix_spawn_file_actions_init(&actions_), "spawn actions"); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }

  void print_to(const fs::path& log) {
    check_spawn(posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, log.c_str(),
                                                 O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0644),
                log);
    check_spawn(posix_spawn_file_actions_adddup2(&actions_, STDOUT_FILENO, STDERR_FILENO), log);
  }

  void run_in(const fs::path& directory) {
    check_spawn(posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str()), directory);
  }

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// The leader of a process group of its own, which can be killed as a whole.
pid_t spawn(std::vector<std::string> arguments, std::vector<std::string> environment,
            const SpawnActions& actions) {
  const auto pointers = [](std::vector<std::string>& words) {
    std::vector<char*> result;
    result.reserve(words.size() + 1);
    for (std::string& word : words) result.push_back(word.data());
    result.push_back(nullptr);
    return result;
  };
  posix_spawnattr_t attributes;
  check_spawn(posix_spawnattr_init(&attributes), "spawn attributes");
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  pid_t pid = -1;
  const int error = posix_spawn(&pid, arguments.front().c_str(), actions.get(), &attributes,
                                pointers(arguments).data(), pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  check_spawn(error, arguments.front());
  return pid;
}

// The only child that a process has, or -1.
pid_t child_of(pid_t pid) {
  std::ifstream children("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) +
                         "/children");
  pid_t child = -1;
  children >> child;
  return children ? child : -1;
}

}  // namespace

Program::Program(Backend backend, const Command& command, fs::path log)
    : backend_(backend), log_(std::move(log)) {
  SpawnActions actions;
  actions.print_to(log_);
  if (!command.directory.empty()) actions.run_in(command.directory);
  std::vector<std::string> arguments;
  std::vector<std::string> environment = command.environment;
  if (backend_.is_xpoll())
    arguments = {app_settings().xpoll_run, "--stats-json", stats_file()};
  else
    environment.push_back("XPOLL_GROUP=" + std::to_string(group_.id()));
  arguments.push_back(find_program(command.program));
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  leader_ = spawn(std::move(arguments), child_environment(environment), actions);
  pidfd_ = checked_fd(static_cast<int>(syscall(SYS_pidfd_open, leader_, 0)), "pidfd_open");
}

Program::~Program() {
  if (status_) return;
  kill(-leader_, SIGKILL);
  waitpid(leader_, nullptr, 0);
}

pid_t Program::pid() const {
  if (backend_.is_native()) return leader_;
  pid_t child = -1;
  wait_until("xpoll-run's child", [&] { return (child = child_of(leader_)) > 0; });
  return child;
}

bool Program::running() {
  pollfd poller{pidfd_.get(), POLLIN, 0};
  return checked(poll(&poller, 1, 0), "poll") == 0;
}

void Program::signal(int number) const { checked(kill(pid(), number), "kill"); }

int Program::wait(std::chrono::seconds limit) {
  if (status_) return *status_;
  pollfd poller{pidfd_.get(), POLLIN, 0};
  const auto milliseconds = std::chrono::milliseconds(limit).count();
  if (checked(poll(&poller, 1, static_cast<int>(milliseconds)), "poll") == 0)
    throw std::runtime_error("still running: the program of " + log_.string());
  int raw = 0;
  checked(waitpid(leader_, &raw, 0), "waitpid");
  status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
  return *status_;
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
  return backend_.is_xpoll() ? read_stats(stats_file()) : group_.stats();
}

fs::path Program::stats_file() const { return fs::path(log_).replace_extension(".stats.json"); }

}  // namespace xpoll::test
