// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

namespace probes::compare {

/// Throws if gnuplot is not installed. To be asked before the runs, which take their time.
void require_gnuplot();

/// What gnuplot draws, as text.
std::string draw(const std::string& commands);

}  // namespace probes::compare
