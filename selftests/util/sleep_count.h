// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_SLEEP_COUNT_H
#define XPOLL_SELFTESTS_UTIL_SLEEP_COUNT_H

#include <sys/resource.h>

#include "fd.h"

namespace xpoll_test {

// How often this thread has slept.
inline long sleepsOfThisThread() {
  rusage usage{};
  checked(getrusage(RUSAGE_THREAD, &usage), "getrusage");
  return usage.ru_nvcsw;
}

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_SLEEP_COUNT_H
