// SPDX-License-Identifier: GPL-2.0-only
#include "task_state.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>

#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

constexpr std::array kWaitingCalls{SYS_epoll_pwait, SYS_epoll_pwait2, SYS_ioctl, SYS_ppoll,
                                   SYS_pselect6,
#ifdef __x86_64__  // newer architectures lack these
                                   SYS_epoll_wait,  SYS_poll,         SYS_select
#endif
};

std::string proc_path(pid_t tid, const char* name) {
  return "/proc/" + std::to_string(tid) + "/" + name;
}

// Returns -1 if the task is running or in no system call.
long system_call(pid_t tid) {
  std::ifstream file(proc_path(tid, "syscall"));
  long number = -1;
  return file >> number ? number : -1;
}

bool is_in_wait(pid_t tid) {
  return std::ranges::find(kWaitingCalls, system_call(tid)) != kWaitingCalls.end();
}

}  // namespace

pid_t current_tid() { return static_cast<pid_t>(syscall(SYS_gettid)); }

// The state follows the command's name, which is in parentheses and may contain any character.
char scheduler_state(pid_t tid) {
  std::ifstream file(proc_path(tid, "stat"));
  std::string line;
  std::getline(file, line);
  const auto end_of_name = line.rfind(')');
  return end_of_name == std::string::npos || end_of_name + 2 >= line.size() ? '?'
                                                                            : line[end_of_name + 2];
}

bool is_asleep_in_wait(pid_t tid) { return is_in_wait(tid) && scheduler_state(tid) == 'S'; }

bool is_blocked_in_wait(pid_t tid) { return is_in_wait(tid) && scheduler_state(tid) == 'D'; }

void wait_until_asleep_in_wait(pid_t tid) {
  wait_until("task " + std::to_string(tid) + " asleep in a wait",
             [tid] { return is_asleep_in_wait(tid); });
}

void wait_until_blocked_in(long call, pid_t tid) {
  wait_until("task " + std::to_string(tid) + " blocked in system call " + std::to_string(call),
             [=] { return system_call(tid) == call && scheduler_state(tid) == 'D'; });
}

void wait_until_blocked_in_ioctl(pid_t tid) { wait_until_blocked_in(SYS_ioctl, tid); }

}  // namespace xpoll::test
