// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <compare>

namespace xpoll::test {

struct KernelVersion {
  int major = 0;
  int minor = 0;
  int patch = 0;

  friend auto operator<=>(const KernelVersion&, const KernelVersion&) = default;
};

// The upstream version that the running kernel is built from.
KernelVersion running_kernel();

// Whether Debian has built the running kernel, with all drivers: not for clouds only.
bool kernel_has_debians_drivers();

}  // namespace xpoll::test
