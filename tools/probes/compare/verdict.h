// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "run.h"

namespace probes::compare {

/// The medians of a step that runs the same code may differ by this share of the smaller one. A
/// larger difference has a cause outside epoll.
inline constexpr double kNoise = 0.05;

/// The steps of the same code whose medians differ by more than kNoise, in which case the times of
/// the two sides are not comparable. Empty if there are none.
std::optional<std::string> drift(const Comparison& comparison);

/// The conclusions of the comparison, one per line.
std::vector<std::string> verdict(const Comparison& comparison);

}  // namespace probes::compare
