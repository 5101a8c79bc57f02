// SPDX-License-Identifier: GPL-2.0-only
#include "child.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "checked.h"
#include "launch.h"

namespace xpoll {

Child::Child(const Argv& argv, const ChildSetup& setup)
    : program_{argv.front()}, group_{setup.own_group} {
  Launch launch{argv, setup};
  pid_ = checked(::fork(), "fork");
  if (pid_ == 0) launch.become_program();
  gate_ = std::move(launch.gate);
  if (launch.failure) failure_ = std::move(launch.failure->reader);
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
  // waitpid fails if the parent ignores SIGCHLD, because the kernel then keeps no status. The child
  // is gone in both cases.
  static_cast<void>(TEMP_FAILURE_RETRY(::waitpid(pid_, nullptr, 0)));
}

void Child::release() {
  checked(::eventfd_write(gate_.get(), 1), "release");
  int error = 0;
  if (TEMP_FAILURE_RETRY(::read(failure_.get(), &error, sizeof(error))) == sizeof(error)) {
    throw std::system_error(error, std::generic_category(), program_);
  }
}

bool Child::ended_within(std::chrono::milliseconds time) const {
  pollfd end{.fd = pidfd_.get(), .events = POLLIN, .revents = 0};
  return checked(TEMP_FAILURE_RETRY(::poll(&end, 1, static_cast<int>(time.count()))), "poll") > 0;
}

int Child::wait() {
  const int status = wait_status();
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int Child::wait_status() {
  if (!status_) {
    int status = 0;
    checked(TEMP_FAILURE_RETRY(::waitpid(pid_, &status, 0)), "waitpid");
    status_ = status;
  }
  return *status_;
}

void Child::kill(int signal) const {
  if (status_) return;
  // The group exists only after the child has created it, so signal the child as well.
  if (group_) ::kill(-pid_, signal);
  ::kill(pid_, signal);
}

}  // namespace xpoll
