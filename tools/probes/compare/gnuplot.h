// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

namespace probes::compare {

/// Throws if gnuplot is not installed. Call it before the runs, which take long.
void require_gnuplot();

/// Runs gnuplot and returns its output.
std::string draw(const std::string& commands);

}  // namespace probes::compare
