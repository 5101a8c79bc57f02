// SPDX-License-Identifier: GPL-2.0-only
// Linked into epoll_wakeup_test: its harness kills a test after alarm(30), which is too short
// for an emulated processor on a busy host. A hanging test still ends, but later.
#include <sys/time.h>
#include <unistd.h>

namespace {

constexpr long kTimes = 20;

}  // namespace

extern "C" unsigned alarm(unsigned seconds) noexcept {
  const itimerval later{.it_interval = {}, .it_value = {.tv_sec = seconds * kTimes, .tv_usec = 0}};
  itimerval before{};
  setitimer(ITIMER_REAL, &later, &before);
  return static_cast<unsigned>(before.it_value.tv_sec) / kTimes;
}
