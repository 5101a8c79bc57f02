// SPDX-License-Identifier: GPL-2.0-only
#include "ioctlfuzz/ticker.h"

#include <csignal>

#include "tools/util/checked.h"
#include "util/task_state.h"

namespace xpoll::ioctlfuzz {
namespace {

// A shorter period would leave a slow guest on a busy host no time for anything else.
constexpr long kPeriodNs = 100'000'000;

void ignore_tick(int) {}

}  // namespace

Ticker::Ticker() {
  using xpoll::checked;
  struct sigaction action {};
  action.sa_handler = ignore_tick;
  // Waits end nevertheless, since they are never restarted after a signal handler.
  action.sa_flags = SA_RESTART;
  checked(sigaction(SIGUSR1, &action, nullptr), "sigaction");
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = SIGUSR1;
  event._sigev_un._tid = xpoll::test::current_tid();
  checked(timer_create(CLOCK_MONOTONIC, &event, &timer_), "timer_create");
  const itimerspec period{.it_interval = {.tv_sec = 0, .tv_nsec = kPeriodNs},
                          .it_value = {.tv_sec = 0, .tv_nsec = kPeriodNs}};
  checked(timer_settime(timer_, 0, &period, nullptr), "timer_settime");
}

Ticker::~Ticker() { timer_delete(timer_); }

}  // namespace xpoll::ioctlfuzz
