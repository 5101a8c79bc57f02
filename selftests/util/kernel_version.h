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

// The upstream version of the running kernel.
KernelVersion running_kernel();

// Whether the running kernel is built by Debian with all drivers, unlike the cloud kernels.
bool kernel_has_debians_drivers();

// Whether a task sleeps while it waits for a spinlock, that of the softirqs of its processor
// included (PREEMPT_RT).
bool kernel_sleeps_for_spinlocks();

}  // namespace xpoll::test
