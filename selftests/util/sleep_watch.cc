// SPDX-License-Identifier: GPL-2.0-only
#include "sleep_watch.h"

#include <fstream>
#include <stdexcept>
#include <string>

#include "task_state.h"

namespace xpoll_test {
namespace {

std::string statusField(pid_t tid, std::string_view key) {
  std::ifstream status("/proc/" + std::to_string(tid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) return line.substr(line.find_first_not_of(" \t", key.size()));
  }
  throw std::runtime_error("no status of task " + std::to_string(tid));
}

unsigned long sleepsOf(pid_t tid) {
  return std::stoul(statusField(tid, "voluntary_ctxt_switches:"));
}

}  // namespace

bool isAsleep(pid_t tid) {
  const char state = statusField(tid, "State:")[0];
  return state == 'S' || state == 'D';
}

SleepWatch::SleepWatch(pid_t tid) : tid_(tid) {
  waitUntilAsleepInWait(tid);
  sleeps_ = sleepsOf(tid);
}

bool SleepWatch::undisturbed() const { return isAsleepInWait(tid_) && sleepsOf(tid_) == sleeps_; }

}  // namespace xpoll_test
