// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

#include "run.h"

namespace probes::compare {

/// The report as one self-contained HTML page. The picture is an SVG without a headline.
std::string to_page(const Comparison& comparison, const std::string& picture);

}  // namespace probes::compare
