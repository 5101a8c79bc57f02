// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

namespace xpoll::test {

// Whether the task sleeps, for example on a lock. A preempted task does not.
bool is_asleep(pid_t tid);

// The number of times that the thread has slept.
unsigned long sleeps_of(pid_t tid);

// Watches one sleep of a task inside a wait call. A task that is woken, finds nothing and sleeps
// again does not return, but the kernel counts another sleep.
class SleepWatch {
 public:
  // Waits until the task sleeps.
  explicit SleepWatch(pid_t tid);

  // Whether the task has not been woken since, not even briefly. A wake-up by a completed call is
  // always seen, because the task is runnable from then on.
  bool undisturbed() const;

 private:
  pid_t tid_;
  unsigned long sleeps_;
};

}  // namespace xpoll::test
