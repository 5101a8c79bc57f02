// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <memory>
#include <vector>

#include "tools/util/watch_limit.h"

namespace bench {

/// Raises the limit of open descriptors as far as allowed, and returns it.
int raise_descriptor_limit();

/// While it lives, a million watches are allowed, provided that the process runs as root.
class WatchLimits {
 public:
  explicit WatchLimits(bool xpoll);

 private:
  std::vector<std::unique_ptr<xpoll::ScopedWatchLimit>> raised_;
};

}  // namespace bench
