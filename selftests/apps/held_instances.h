// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_APPS_HELD_INSTANCES_H
#define XPOLL_SELFTESTS_APPS_HELD_INSTANCES_H

#include <sys/types.h>

#include "util/backend.h"

namespace xpoll_test {

// How many descriptors of instances of this kind a process has open.
int heldInstances(pid_t process, Backend backend);

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_APPS_HELD_INSTANCES_H
