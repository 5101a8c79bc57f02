// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>

namespace probes {

/// Exit status of a tool when a precondition is missing.
constexpr int kUnavailable = 3;

/// Runs the tool and returns the exit status: 0, or 1 or kUnavailable after printing the error on
/// standard error.
int run_tool(const char* name, const std::function<void()>& tool);

}  // namespace probes
