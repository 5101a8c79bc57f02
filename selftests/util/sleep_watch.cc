// SPDX-License-Identifier: GPL-2.0-only
#include "sleep_watch.h"

#include <fstream>
#include <stdexcept>
#include <string>

#include "task_state.h"

namespace xpoll::test {
namespace {

std::string status_field(pid_t tid, std::string_view key) {
  std::ifstream status("/proc/" + std::to_string(tid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) return line.substr(line.find_first_not_of(" \t", key.size()));
  }
  throw std::runtime_error("no status of task " + std::to_string(tid));
}

}  // namespace

unsigned long sleeps_of(pid_t tid) {
  return std::stoul(status_field(tid, "voluntary_ctxt_switches:"));
}

bool is_asleep(pid_t tid) {
  const char state = status_field(tid, "State:")[0];
  return state == 'S' || state == 'D';
}

SleepWatch::SleepWatch(pid_t tid) : tid_(tid) {
  wait_until_asleep_in_wait(tid);
  sleeps_ = sleeps_of(tid);
}

bool SleepWatch::undisturbed() const {
  return is_asleep_in_wait(tid_) && sleeps_of(tid_) == sleeps_;
}

}  // namespace xpoll::test
