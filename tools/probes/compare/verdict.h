// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "run.h"

namespace probes::compare {

/// By how much of the smaller the medians of a step of the same code may differ before something
/// else than epoll must have made the difference.
inline constexpr double kNoise = 0.05;

/// Steps of the same code that differ by more than noise does: the times of the two sides are not
/// to be compared then. Empty if there are none.
std::optional<std::string> drift(const Comparison& comparison);

/// What the comparison comes to, a line each.
std::vector<std::string> verdict(const Comparison& comparison);

}  // namespace probes::compare
