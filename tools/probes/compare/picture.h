// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

#include "figure.h"
#include "run.h"

namespace probes::compare {

/// The comparison as an SVG file, drawn by gnuplot. It follows the viewer's light or dark colour
/// scheme.
std::string to_picture(const Comparison& comparison, const Look& look);

}  // namespace probes::compare
