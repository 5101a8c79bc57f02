// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include "tools/util/backend.h"

namespace xpoll::test {

// The number of a process's open descriptors of instances of this kind.
int held_instances(pid_t process, Backend backend);

// The same of rings of io_uring.
int held_rings(pid_t process);

}  // namespace xpoll::test
