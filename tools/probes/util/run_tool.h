// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>

namespace probes {

/// The exit status of a tool for which something that it needs is missing.
constexpr int kUnavailable = 3;

/// Runs it and returns the exit status: 0, or 1 or kUnavailable after a line on standard error that
/// says what failed.
int run_tool(const char* name, const std::function<void()>& tool);

}  // namespace probes
