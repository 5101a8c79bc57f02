// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sched.h>

#include "tools/util/checked.h"

namespace xpoll::test {

// The calling thread preempts all others. Its children do not inherit the priority.
class Urgent {
 public:
  Urgent() { set(SCHED_FIFO | SCHED_RESET_ON_FORK, 1); }
  Urgent(const Urgent&) = delete;
  Urgent& operator=(const Urgent&) = delete;
  ~Urgent() { set(SCHED_OTHER, 0); }

 private:
  static void set(int policy, int priority) {
    sched_param param{};
    param.sched_priority = priority;
    checked(sched_setscheduler(0, policy, &param), "sched_setscheduler");
  }
};

}  // namespace xpoll::test
