// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

#include "probes/util/terminal.h"
#include "run.h"

namespace probes::compare {

/// Said of every report, since what is traced is slower, and not equally so on both sides.
inline constexpr const char* kCaution =
    "Traced runs: the probes take time of their own, more on one side than on the other. Compare "
    "what happens and how often, never speed.";

/// Where and when the two runs were: "Linux 6.1.0 on ..., 2026-11-28".
std::string setting_of(const Comparison& comparison);

enum class Histograms { no, yes };

/// The verdict first, then the counts, then the steps; at most 100 columns wide.
std::string to_text(const Comparison& comparison, Histograms histograms, const Terminal& terminal);

}  // namespace probes::compare
