// SPDX-License-Identifier: GPL-2.0-only
// For xpoll-run's reports: a known amount of work, the pid, the exit status.
#include <grp.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <vector>

#include "modes.h"
#include "tools/util/checked.h"
#include "transcript.h"

namespace victim {

using xpoll::checked;
using xpoll::checked_fd;
using xpoll::unique_fd;

int counted(const Arguments& arguments) {
  const int instances = std::stoi(arguments.at(0));
  const int watches = std::stoi(arguments.at(1));
  const int events = std::stoi(arguments.at(2));
  for (int i = 0; i < instances; ++i) {
    const unique_fd epfd = checked_fd(epoll_create1(0), "create1");
    std::vector<unique_fd> sources;
    for (int j = 0; j < watches; ++j) {
      sources.push_back(checked_fd(eventfd(1, 0), "eventfd"));
      epoll_event event = make_event(EPOLLIN, 0);
      checked(epoll_ctl(epfd.get(), EPOLL_CTL_ADD, sources.back().get(), &event), "ctl");
    }
    epoll_event event{};
    for (int j = 0; j < events; ++j) checked(epoll_wait(epfd.get(), &event, 1, -1), "wait");
  }
  return 0;
}

int counted_unprivileged(const Arguments& arguments) {
  constexpr uid_t kNobody = 65534;
  checked(setgroups(0, nullptr), "setgroups");
  checked(setgid(kNobody), "setgid");
  checked(setuid(kNobody), "setuid");
  return counted(arguments);
}

int left_open(const Arguments&) {
  const unique_fd epfd = checked_fd(epoll_create1(0), "create1");
  if (checked(fork(), "fork") > 0) return 0;
  // A reader of this program's output must not have to wait for the child.
  close(STDOUT_FILENO);
  close(STDERR_FILENO);
  char byte = 0;
  while (read(STDIN_FILENO, &byte, 1) > 0) continue;
  return 0;
}

int identity(const Arguments&) {
  std::printf("%d\n", getpid());
  return 0;
}

int exits(const Arguments& arguments) { return std::stoi(arguments.at(0)); }

int dies(const Arguments& arguments) { return std::raise(std::stoi(arguments.at(0))); }

int takes_signals(const Arguments&) {
  sigset_t taken;
  sigemptyset(&taken);
  for (const int number : {SIGTERM, SIGUSR1, SIGHUP, SIGINT, SIGRTMIN}) sigaddset(&taken, number);
  sigprocmask(SIG_BLOCK, &taken, nullptr);
  const unique_fd epfd = checked_fd(epoll_create1(0), "create1");
  std::puts("ready");
  std::fflush(stdout);
  siginfo_t signal{};
  do {
    checked(TEMP_FAILURE_RETRY(sigwaitinfo(&taken, &signal)), "sigwaitinfo");
    std::printf("%d, value %d\n", signal.si_signo,
                signal.si_code == SI_QUEUE ? signal.si_value.sival_int : 0);
    std::fflush(stdout);
  } while (signal.si_signo != SIGTERM);
  return 7;
}

}  // namespace victim
