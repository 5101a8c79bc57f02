// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>

#include "probes/top/interval.h"
#include "probes/top/selection.h"

namespace top {

struct Options {
  Selection selection;
  Watched wanted{true, true};
  double interval = 1;
  /// 0: no limit.
  std::uint64_t count = 0;
  bool json = false;
  bool workers = false;
  bool histograms = false;
  bool instances = false;
};

/// Exits after --help and on a usage error.
Options parse_options(int argc, char** argv);

}  // namespace top
