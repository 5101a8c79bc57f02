// SPDX-License-Identifier: GPL-2.0-only
#include "difference.h"

#include "kernel_version.h"

namespace xpoll::test {

bool differs(Backend backend, Difference difference) {
  if (difference == Difference::kFalseNothingReady)
    return backend.is_native() && running_kernel() < KernelVersion{6, 12, 117};
  if (difference == Difference::kUnknownToNativeCalls ||
      difference == Difference::kCreateNeedsTwoDescriptors)
    return backend.is_xpoll() && route() == Route::kLibrary;
  return backend.is_xpoll();
}

}  // namespace xpoll::test
