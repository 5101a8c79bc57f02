// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

#include "options.h"

namespace run {

/// Prints to standard error. If it can't be written, the message is lost, but the program still
/// runs.
void warn(const std::string& text);
/// Throws Failure. With --fallback it only warns that the program runs on native epoll.
void refuse(const std::string& why, const Options& options);

}  // namespace run
