// SPDX-License-Identifier: GPL-2.0-only
#include "launch.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utmp.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <system_error>

#include "checked.h"

namespace xpoll {

namespace {

constexpr int kExecFailed = 127;

void put(std::vector<std::string>& environment, const std::string& entry) {
  const std::string name = entry.substr(0, entry.find('=') + 1);
  std::erase_if(environment, [&](const std::string& other) { return other.starts_with(name); });
  environment.push_back(entry);
}

std::vector<std::string> environment_with(const std::vector<std::string>& more) {
  std::vector<std::string> environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    environment.emplace_back(*entry);
  }
  for (const std::string& entry : more) put(environment, entry);
  return environment;
}

std::vector<char*> pointers_to(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

iovec part(std::string_view text) { return {const_cast<char*>(text.data()), text.size()}; }

}  // namespace

Launch::Launch(const Argv& argv, const ChildSetup& setup)
    : setup_{setup},
      parent_{::getpid()},
      environment_{environment_with(setup.environment)},
      argv_{pointers_to(argv)},
      envp_{pointers_to(environment_)} {
  if (!setup.held) return;
  gate = checked_fd(::eventfd(0, EFD_CLOEXEC), "eventfd");
  failure = make_pipe(O_CLOEXEC);
}

void Launch::become_program() const {
  prepare();
  if (gate.valid()) wait_at_gate();
  if (setup_.before_exec) run_before_exec();
  ::execvp(argv_.front(), argv_.data());
  give_up("exec", errno);
}

void Launch::prepare() const {
  if (setup_.own_group) ::setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  check(::prctl(PR_SET_PDEATHSIG, setup_.death_signal), "prctl");
  // The parent may have died before prctl took effect.
  if (::getppid() != parent_) give_up("the parent is gone");
  connect_streams();
  for (const int fd : setup_.inherited) check(::fcntl(fd, F_SETFD, 0), "fcntl");
  if (setup_.cwd) check(::chdir(setup_.cwd->c_str()), setup_.cwd->c_str());
  environ = const_cast<char**>(envp_.data());
}

void Launch::connect_streams() const {
  if (setup_.terminal >= 0) check(::login_tty(setup_.terminal), "login_tty");
  connect(setup_.in, STDIN_FILENO);
  connect(setup_.out, STDOUT_FILENO);
  connect(setup_.err, STDERR_FILENO);
}

void Launch::connect(int from, int to) const {
  if (from < 0) return;
  // dup2() onto the same number would leave close-on-exec set.
  check(from == to ? ::fcntl(to, F_SETFD, 0) : ::dup2(from, to), "dup2");
}

void Launch::wait_at_gate() const {
  eventfd_t opened = 0;
  check(TEMP_FAILURE_RETRY(::eventfd_read(gate.get(), &opened)), "gate");
}

void Launch::run_before_exec() const {
  try {
    setup_.before_exec();
  } catch (const std::system_error& error) {
    if (failure) give_up("", error.code().value());
    give_up(error.what());
  } catch (const std::exception& error) {
    give_up(error.what());
  }
}

void Launch::check(int result, const char* step) const {
  if (result < 0) give_up(step, errno);
}

void Launch::give_up(std::string_view reason) const {
  std::array<iovec, 4> line{part(argv_.front()), part(": "), part(reason), part("\n")};
  static_cast<void>(!::writev(STDERR_FILENO, line.data(), line.size()));
  ::_exit(kExecFailed);
}

void Launch::give_up(std::string_view step, int error) const {
  if (failure) {
    static_cast<void>(!::write(failure->writer.get(), &error, sizeof(error)));
  } else {
    std::array<iovec, 6> line{
        part(argv_.front()), part(": "), part(step), part(": "), part(::strerrordesc_np(error)),
        part("\n")};
    static_cast<void>(!::writev(STDERR_FILENO, line.data(), line.size()));
  }
  ::_exit(kExecFailed);
}

}  // namespace xpoll
