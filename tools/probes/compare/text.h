// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

#include "probes/util/terminal.h"
#include "run.h"

namespace probes::compare {

/// Printed in every report, because tracing slows the two sides down differently.
inline constexpr const char* kCaution =
    "Traced runs: the probes take time of their own, more on one side than on the other. Compare "
    "what happens and how often, never speed.";

/// Place and date of the two runs: "Linux 6.1.0 on ..., 2026-11-28".
std::string setting_of(const Comparison& comparison);

enum class Histograms { no, yes };

/// The verdict first, then the counts, then the steps; at most 100 columns wide.
std::string to_text(const Comparison& comparison, Histograms histograms, const Terminal& terminal);

}  // namespace probes::compare
