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
    schedule(SCHED_FIFO, 1);
    action();
    schedule(SCHED_OTHER, 0);
  }

 private:
  static void schedule(int policy, int priority) {
    const sched_param parameter{.sched_priority = priority};
    checked(sched_setscheduler(0, policy, &parameter), "sched_setscheduler");
  }

  cpu_set_t before_{};
};

}  // namespace xpoll::test
