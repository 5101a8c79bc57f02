// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/resource.h>

#include "tools/util/checked.h"

namespace xpoll::test {

// The number of times that this thread has slept.
inline long sleeps_of_this_thread() {
  rusage usage{};
  checked(getrusage(RUSAGE_THREAD, &usage), "getrusage");
  return usage.ru_nvcsw;
}

}  // namespace xpoll::test
