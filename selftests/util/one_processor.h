// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sched.h>

#include "tools/util/checked.h"

namespace xpoll::test {

// While it lives, the calling thread and threads that it starts run on one processor.
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

  // Runs the action with real-time priority: no other task, even one that it wakes, runs on this
  // processor meanwhile.
  template <class Action>
  void undisturbed(Action action) const {
    const RealTime real_time;
    action();
  }

 private:
  // Restores the priority even if the action throws.
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
