// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sched.h>

#include "tools/util/checked.h"

namespace xpoll::test {

// While it lives the calling thread, and all that it starts, run on one processor.
class OneProcessor {
 public:
  OneProcessor() {
    checked(sched_getaffinity(0, sizeof(before_), &before_), "sched_getaffinity");
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(static_cast<std::size_t>(sched_getcpu()), &here);
    checked(sched_setaffinity(0, sizeof(here), &here), "sched_setaffinity");
  }
  OneProcessor(const OneProcessor&) = delete;
  OneProcessor& operator=(const OneProcessor&) = delete;
  ~OneProcessor() { sched_setaffinity(0, sizeof(before_), &before_); }

  // Nobody else runs here until it is done, whoever it wakes.
  template <class Action>
  void undisturbed(Action action) const {
    const RealTime real_time;
    action();
  }

 private:
  // Ends with the action, also with one that throws.
  class RealTime {
   public:
    RealTime() {
      const sched_param first{.sched_priority = 1};
      checked(sched_setscheduler(0, SCHED_FIFO, &first), "sched_setscheduler");
    }
    RealTime(const RealTime&) = delete;
    RealTime& operator=(const RealTime&) = delete;
    ~RealTime() {
      const sched_param usual{};
      sched_setscheduler(0, SCHED_OTHER, &usual);
    }
  };

  cpu_set_t before_{};
};

}  // namespace xpoll::test
