// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/timer.h"

#include <sys/timerfd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace probes {

Timer::Timer(std::chrono::nanoseconds time, Kind kind)
    : fd_(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)) {
  if (!fd_.valid()) throw std::system_error(errno, std::generic_category(), "timerfd_create");
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  const timespec value{.tv_sec = seconds.count(), .tv_nsec = (time - seconds).count()};
  itimerspec setting{};
  setting.it_value = value;
  if (kind == Kind::periodic) setting.it_interval = value;
  if (timerfd_settime(fd_.get(), 0, &setting, nullptr) < 0)
    throw std::system_error(errno, std::generic_category(), "timerfd_settime");
}

void Timer::acknowledge() const {
  std::uint64_t expirations = 0;
  if (read(fd_.get(), &expirations, sizeof(expirations)) < 0)
    throw std::system_error(errno, std::generic_category(), "timerfd");
}

}  // namespace probes
