// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

#include "run.h"

namespace probes::compare {

/// What is in a picture beside the panels that it always has.
struct Look {
  bool head = true;  ///< what ran, where and when; not for a page that says so itself
  bool histograms = false;
};

/// The picture as gnuplot's commands, data included.
std::string to_gnuplot(const Comparison& comparison, const Look& look);

}  // namespace probes::compare
