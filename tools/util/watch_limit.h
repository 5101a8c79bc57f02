// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>

#include "backend.h"

namespace xpoll {

// The file that holds how many watches a user's instances may have together: a sysctl or a module
// parameter.
const char* watch_limit_path(Backend backend);

std::int64_t watch_limit(Backend backend);

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

}  // namespace xpoll
