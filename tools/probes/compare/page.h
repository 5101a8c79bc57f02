// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

#include "run.h"

namespace probes::compare {

/// The report as one page of HTML that needs nothing but itself. The picture is an SVG without a
/// head of its own.
std::string to_page(const Comparison& comparison, const std::string& picture);

}  // namespace probes::compare
