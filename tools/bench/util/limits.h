// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <memory>
#include <vector>

#include "tools/util/watch_limit.h"

namespace bench {

/// Lets the process open as many descriptors as it may, and returns how many that are.
int raise_descriptor_limit();

/// While it lives, a million watches are allowed, if we are root.
class WatchLimits {
 public:
  explicit WatchLimits(bool xpoll);

 private:
  std::vector<std::unique_ptr<xpoll::ScopedWatchLimit>> raised_;
};

}  // namespace bench
