// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

namespace xpoll::test {

pid_t current_tid();

// The letter that proc(5) lists for "stat"; '?' if the task has ended.
char scheduler_state(pid_t tid);

// Whether the task (a process or a thread, of this process or another) sleeps interruptibly in a
// call that waits for readiness: epoll_*wait, xpoll's ioctl, poll, select.
bool is_asleep_in_wait(pid_t tid);
// Whether the task is blocked in such a call on a lock that another task holds.
bool is_blocked_in_wait(pid_t tid);

void wait_until_asleep_in_wait(pid_t tid);

// Waits until the task sleeps in that system call, uninterruptibly or killably, that is, on a lock.
void wait_until_blocked_in(long call, pid_t tid);
// The same in an ioctl.
void wait_until_blocked_in_ioctl(pid_t tid);

}  // namespace xpoll::test
