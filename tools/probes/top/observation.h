// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <vector>

#include "probes/bpf/top.h"

namespace top {

/// What the probes hold at one time.
struct Observation {
  std::vector<top_instance> open;
  /// Closed since the last observation.
  std::vector<top_instance> closed;
  std::vector<top_holder> holders;
};

}  // namespace top
