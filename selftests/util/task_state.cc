// SPDX-License-Identifier: GPL-2.0-only
#include "task_state.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>

#include "wait_until.h"

namespace xpoll_test {
namespace {

constexpr std::array kWaitingCalls{SYS_epoll_wait, SYS_epoll_pwait, SYS_epoll_pwait2, SYS_ioctl,
                                   SYS_poll,       SYS_ppoll,       SYS_select,       SYS_pselect6};

std::string procPath(pid_t tid, const char* name) {
  return "/proc/" + std::to_string(tid) + "/" + name;
}

// The letter after the command's name, which is in parentheses and may hold any character.
char schedulerState(pid_t tid) {
  std::ifstream file(procPath(tid, "stat"));
  std::string line;
  std::getline(file, line);
  const auto end_of_name = line.rfind(')');
  return end_of_name == std::string::npos || end_of_name + 2 >= line.size() ? '?'
                                                                            : line[end_of_name + 2];
}

// -1 while the task runs or is in no call.
long systemCall(pid_t tid) {
  std::ifstream file(procPath(tid, "syscall"));
  long number = -1;
  return file >> number ? number : -1;
}

bool isInWait(pid_t tid) {
  return std::ranges::find(kWaitingCalls, systemCall(tid)) != kWaitingCalls.end();
}

}  // namespace

pid_t currentTid() { return static_cast<pid_t>(syscall(SYS_gettid)); }

bool isAsleepInWait(pid_t tid) { return isInWait(tid) && schedulerState(tid) == 'S'; }

bool isBlockedInWait(pid_t tid) { return isInWait(tid) && schedulerState(tid) == 'D'; }

void waitUntilAsleepInWait(pid_t tid) {
  waitUntil("task " + std::to_string(tid) + " asleep in a wait",
            [tid] { return isAsleepInWait(tid); });
}

void waitUntilBlockedInIoctl(pid_t tid) {
  waitUntil("task " + std::to_string(tid) + " blocked in an ioctl",
            [tid] { return systemCall(tid) == SYS_ioctl && schedulerState(tid) == 'D'; });
}

}  // namespace xpoll_test
