// SPDX-License-Identifier: GPL-2.0-only
#include "process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace xpoll {

namespace {

constexpr int kExecFailed = 127;
constexpr std::string_view kDiskFull = "No space left on device";

[[noreturn]] void throw_errno(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void move_fd(int from, int to) {
  if (from >= 0 && ::dup2(from, to) < 0) throw_errno("dup2");
}

void prepare_child(const ChildSetup& setup, pid_t parent) {
  if (setup.own_group) ::setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // The parent may have died before prctl took effect.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) throw_errno("prctl");
  if (::getppid() != parent) throw std::runtime_error("the runner is gone");
  move_fd(setup.in, STDIN_FILENO);
  move_fd(setup.out, STDOUT_FILENO);
  move_fd(setup.err, STDERR_FILENO);
  for (int fd : setup.inherited) {
    if (::fcntl(fd, F_SETFD, 0) < 0) throw_errno("fcntl");
  }
  if (setup.cwd) std::filesystem::current_path(*setup.cwd);
  if (setup.before_exec) setup.before_exec();
}

[[noreturn]] void exec_child(const Argv& argv, const ChildSetup& setup, pid_t parent) {
  try {
    prepare_child(setup, parent);
    for (const std::string& entry : setup.environment) {
      const auto equals = entry.find('=');
      ::setenv(entry.substr(0, equals).c_str(), entry.substr(equals + 1).c_str(), 1);
    }
    std::vector<char*> words;
    words.reserve(argv.size() + 1);
    for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    ::execvp(words.front(), words.data());
    throw_errno("exec");
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", argv.front(), error.what());
    ::_exit(kExecFailed);
  }
}

std::string read_all(int fd) {
  std::string text;
  std::array<char, 16384> chunk{};
  for (;;) {
    const ssize_t got = ::read(fd, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_errno("read");
    if (got == 0) return text;
    text.append(chunk.data(), static_cast<size_t>(got));
  }
}

unique_fd scratch_file() {
  unique_fd file{::memfd_create("output", MFD_CLOEXEC)};
  if (!file.valid()) throw_errno("memfd_create");
  return file;
}

[[noreturn]] void throw_failure(const Argv& argv, int status, const std::string& complaint) {
  const std::string command = fmt::format("{}", fmt::join(argv, " "));
  if (const auto line = disk_full_line(complaint)) {
    throw DiskFull(fmt::format("'{}' could not write: {}", command, *line));
  }
  throw std::runtime_error(fmt::format("'{}' ended with {}\n{}", command, status, complaint));
}

}  // namespace

Child::Child(const Argv& argv, const ChildSetup& setup) : group_{setup.own_group} {
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw_errno("fork");
  if (pid_ == 0) exec_child(argv, setup, parent);
  pidfd_ = unique_fd{static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0))};
  if (!pidfd_.valid()) {
    const int error = errno;
    kill(SIGKILL);
    wait();
    throw std::system_error(error, std::generic_category(), "pidfd_open");
  }
}

Child::~Child() {
  if (status_) return;
  kill(SIGKILL);
  wait();
}

int Child::wait() {
  if (status_) return *status_;
  int raw = 0;
  while (::waitpid(pid_, &raw, 0) < 0) {
    if (errno != EINTR) throw_errno("waitpid");
  }
  status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
  return *status_;
}

void Child::kill(int signal) const {
  if (status_) return;
  // The group exists only once the child has made it; the child itself always does.
  if (group_) ::kill(-pid_, signal);
  ::kill(pid_, signal);
}

std::optional<std::string> disk_full_line(std::string_view output) {
  const auto found = output.find(kDiskFull);
  if (found == std::string_view::npos) return std::nullopt;
  const auto newline = output.rfind('\n', found);
  const auto begin = newline == std::string_view::npos ? 0 : newline + 1;
  return std::string{output.substr(begin, output.find('\n', found) - begin)};
}

int run_status(const Argv& argv, const ChildSetup& setup) { return Child{argv, setup}.wait(); }

std::string capture(const Argv& argv, const ChildSetup& setup) {
  const unique_fd out = scratch_file();
  const unique_fd err = scratch_file();
  ChildSetup redirected = setup;
  if (redirected.out < 0) redirected.out = out.get();
  if (redirected.err < 0) redirected.err = err.get();
  const int status = run_status(argv, redirected);
  if (status != 0) {
    ::lseek(err.get(), 0, SEEK_SET);
    throw_failure(argv, status, read_all(err.get()));
  }
  ::lseek(out.get(), 0, SEEK_SET);
  return read_all(out.get());
}

void run_checked(const Argv& argv, const ChildSetup& setup) { capture(argv, setup); }

bool have_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "/usr/sbin:/usr/bin:/sbin:/bin";
  for (;;) {
    const auto colon = rest.find(':');
    if (::access(fmt::format("{}/{}", rest.substr(0, colon), name).c_str(), X_OK) == 0) return true;
    if (colon == std::string_view::npos) return false;
    rest.remove_prefix(colon + 1);
  }
}

std::string shell_quote(const std::string& text) {
  std::string quoted = "'";
  for (char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace xpoll
