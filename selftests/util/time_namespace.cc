// SPDX-License-Identifier: GPL-2.0-only
#include "util/time_namespace.h"

#include <sched.h>
#include <unistd.h>

#include <ctime>
#include <fstream>

#include "tools/util/checked.h"

namespace xpoll::test {
namespace {

// The kernel refuses an offset that makes the clock negative.
void wait_until_the_clock_can_be_set_back() {
  const timespec enough{.tv_sec = 6, .tv_nsec = 0};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &enough, nullptr);
}

}  // namespace

bool has_time_namespaces() { return access("/proc/self/ns/time", F_OK) == 0; }

void make_time_namespace(std::chrono::seconds offset) {
  wait_until_the_clock_can_be_set_back();
  checked(unshare(CLONE_NEWTIME), "unshare");
  std::ofstream file("/proc/self/timens_offsets");
  file.exceptions(std::ios::badbit | std::ios::failbit);
  file << "monotonic " << offset.count() << " 0\n" << std::flush;
}

}  // namespace xpoll::test
