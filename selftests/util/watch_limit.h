// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_WATCH_LIMIT_H
#define XPOLL_SELFTESTS_UTIL_WATCH_LIMIT_H

#include <cstdint>

#include "backend.h"

namespace xpoll_test {

// The file that holds how many watches a user's instances may have together: a sysctl or a module
// parameter.
const char* watchLimitPath(Backend backend);

std::int64_t watchLimit(Backend backend);

// Another limit for as long as this lives. It holds for every user of the machine, so it must not
// be so low that the rest of the system gets into its way.
class ScopedWatchLimit {
 public:
  ScopedWatchLimit(Backend backend, std::int64_t limit);
  ~ScopedWatchLimit();
  ScopedWatchLimit(const ScopedWatchLimit&) = delete;
  ScopedWatchLimit& operator=(const ScopedWatchLimit&) = delete;

 private:
  const Backend backend_;
  const std::int64_t saved_;
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_WATCH_LIMIT_H
