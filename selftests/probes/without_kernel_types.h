// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sched.h>
#include <sys/mount.h>

#include "tools/util/checked.h"

namespace xpoll::test {

// For a child: hides the kernel's BTF behind an empty directory, in a new mount namespace.
inline void hide_kernel_types() {
  checked(unshare(CLONE_NEWNS), "unshare");
  checked(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "private mounts");
  checked(mount("none", "/sys/kernel/btf", "tmpfs", 0, nullptr), "tmpfs");
}

}  // namespace xpoll::test
