// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

namespace xpoll::test {

pid_t current_tid();

// The task (a process or a thread, of this process or another) sleeps interruptibly inside one of
// the calls that wait for readiness: epoll_*wait, xpoll's ioctl, poll, select.
bool is_asleep_in_wait(pid_t tid);
// The task has got no further in such a call than to a lock that somebody else holds.
bool is_blocked_in_wait(pid_t tid);

void wait_until_asleep_in_wait(pid_t tid);

// The task sleeps inside an ioctl where only a fatal signal can wake it, if anything: it waits for
// a lock.
void wait_until_blocked_in_ioctl(pid_t tid);

}  // namespace xpoll::test
