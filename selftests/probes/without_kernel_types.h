// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_PROBES_WITHOUT_KERNEL_TYPES_H
#define XPOLL_SELFTESTS_PROBES_WITHOUT_KERNEL_TYPES_H

#include <sched.h>
#include <sys/mount.h>

#include "util/fd.h"

namespace xpoll_test {

// For a child: nothing but an empty directory where the kernel's BTF is, in a mount namespace of
// its own.
inline void hideKernelTypes() {
  checked(unshare(CLONE_NEWNS), "unshare");
  checked(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "private mounts");
  checked(mount("none", "/sys/kernel/btf", "tmpfs", 0, nullptr), "tmpfs");
}

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_PROBES_WITHOUT_KERNEL_TYPES_H
