// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_TASK_STATE_H
#define XPOLL_SELFTESTS_UTIL_TASK_STATE_H

#include <sys/types.h>

namespace xpoll_test {

pid_t currentTid();

// The task (a process or a thread, of this process or another) sleeps interruptibly inside one of
// the calls that wait for readiness: epoll_*wait, xpoll's ioctl, poll, select.
bool isAsleepInWait(pid_t tid);
// The task has got no further in such a call than to a lock that somebody else holds.
bool isBlockedInWait(pid_t tid);

void waitUntilAsleepInWait(pid_t tid);

// The task sleeps inside an ioctl where only a fatal signal can wake it, if anything: it waits for
// a lock.
void waitUntilBlockedInIoctl(pid_t tid);

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_TASK_STATE_H
