// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include "tools/util/backend.h"

namespace xpoll::test {

// The number of a process's open descriptors of instances of this kind.
int held_instances(pid_t process, Backend backend);

}  // namespace xpoll::test
