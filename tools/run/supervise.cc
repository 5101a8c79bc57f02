// SPDX-License-Identifier: GPL-2.0-only
#include "supervise.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "failure.h"
#include "tools/util/checked.h"
#include "tools/util/descriptors.h"

namespace run {
namespace {

using xpoll::checked;
using xpoll::Pipe;

/// Blocks all signals so that they can be received one by one and no child's end is missed. The
/// program must not inherit the mask.
class SignalKeeper final {
 public:
  SignalKeeper() {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &mask_);
    struct sigaction by_default {};
    by_default.sa_handler = SIG_DFL;
    sigaction(SIGCHLD, &by_default, &on_child_);
  }
  SignalKeeper(const SignalKeeper&) = delete;
  SignalKeeper& operator=(const SignalKeeper&) = delete;
  ~SignalKeeper() { restore(); }

  void restore() const {
    sigaction(SIGCHLD, &on_child_, nullptr);
    sigprocmask(SIG_SETMASK, &mask_, nullptr);
  }

 private:
  sigset_t mask_{};
  struct sigaction on_child_ {};
};

[[noreturn]] void become(const Command& command, const SignalKeeper& signals, const Pipe& errors) {
  signals.restore();
  const int error = execute(command);
  const bool told = write(errors.writer.get(), &error, sizeof(error)) == sizeof(error);
  _exit(told ? EXIT_SUCCESS : EXIT_FAILURE);
}

pid_t start(const Command& command, const SignalKeeper& signals) {
  // A successful exec closes the pipe, so end of file means that the program was started.
  Pipe errors = xpoll::make_pipe(O_CLOEXEC);
  const pid_t child = checked(fork(), "fork");
  if (child == 0) become(command, signals, errors);
  errors.writer.reset();
  int error = 0;
  if (TEMP_FAILURE_RETRY(read(errors.reader.get(), &error, sizeof(error))) == 0) return child;
  checked(waitpid(child, nullptr, 0), "waitpid");
  throw Failure(error == ENOENT ? Status::not_found : Status::not_executable,
                fmt::format("{}: {}", command.file.native(), std::strerror(error)));
}

/// Signals from the terminal or the kernel go to the whole foreground process group, including the
/// program. Signals from a process went to this process only.
bool is_for_us_alone(const siginfo_t& signal) { return signal.si_code <= 0; }

void forward(const siginfo_t& signal, pid_t child) {
  if (!is_for_us_alone(signal)) return;
  if (signal.si_code == SI_QUEUE)
    sigqueue(child, signal.si_signo, signal.si_value);
  else
    kill(child, signal.si_signo);
}

/// Reads the child's state changes. Returns its wait status once it has ended.
std::optional<int> look_after(pid_t child) {
  int status = 0;
  while (checked(waitpid(child, &status, WNOHANG | WUNTRACED), "waitpid") == child) {
    if (!WIFSTOPPED(status)) return status;
    raise(SIGSTOP);
  }
  return std::nullopt;
}

}  // namespace

int supervise(const Command& command) {
  const SignalKeeper signals;
  const pid_t child = start(command, signals);
  sigset_t all;
  sigfillset(&all);
  while (true) {
    siginfo_t signal{};
    if (sigwaitinfo(&all, &signal) < 0) continue;
    if (signal.si_signo != SIGCHLD)
      forward(signal, child);
    else if (const std::optional<int> status = look_after(child))
      return *status;
  }
}

void end_likewise(int wait_status) {
  if (WIFEXITED(wait_status)) std::exit(WEXITSTATUS(wait_status));
  const int number = WTERMSIG(wait_status);
  // Only the program's memory is worth a core dump.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  std::signal(number, SIG_DFL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, number);
  sigprocmask(SIG_UNBLOCK, &only, nullptr);
  raise(number);
  std::exit(128 + number);
}

}  // namespace run
