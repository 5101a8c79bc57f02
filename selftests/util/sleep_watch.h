// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

namespace xpoll::test {

// The task is off its processor waiting for something, a lock for instance; not merely preempted.
bool is_asleep(pid_t tid);

// How often the thread has slept.
unsigned long sleeps_of(pid_t tid);

// One sleep of a task inside a wait call. A task that is woken, finds nothing and sleeps again
// never shows that by what it returns; the kernel's count of its sleeps does.
class SleepWatch {
 public:
  // Waits until the task sleeps.
  explicit SleepWatch(pid_t tid);

  // The task has not been woken since, not even for a moment. A wake-up made by a call that has
  // returned is seen: the task is runnable from then on.
  bool undisturbed() const;

 private:
  pid_t tid_;
  unsigned long sleeps_;
};

}  // namespace xpoll::test
