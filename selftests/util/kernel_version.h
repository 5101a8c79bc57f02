// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_KERNEL_VERSION_H
#define XPOLL_SELFTESTS_UTIL_KERNEL_VERSION_H

#include <compare>

namespace xpoll_test {

struct KernelVersion {
  int major = 0;
  int minor = 0;
  int patch = 0;

  friend auto operator<=>(const KernelVersion&, const KernelVersion&) = default;
};

// The upstream version that the running kernel is built from.
KernelVersion runningKernel();

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_KERNEL_VERSION_H
