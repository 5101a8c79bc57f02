// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>

#include "backend.h"

namespace xpoll {

// The file with the maximum number of watches of all instances of a user: a sysctl or a module
// parameter.
const char* watch_limit_path(Backend backend);

std::int64_t watch_limit(Backend backend);

// Changes that limit while it lives. The limit applies to every user of the machine, so it must
// leave room for the rest of the system.
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
