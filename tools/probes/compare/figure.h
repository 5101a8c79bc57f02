// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

#include "run.h"

namespace probes::compare {

/// The optional parts of a picture.
struct Look {
  bool head = true;  ///< the command, place and date; omitted on a page that states them itself
  bool histograms = false;
};

/// The picture as gnuplot commands, including the data.
std::string to_gnuplot(const Comparison& comparison, const Look& look);

}  // namespace probes::compare
