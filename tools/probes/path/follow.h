// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "probes/path/options.h"

namespace probes::path {

/// Follows events as the options say and prints them, until the end that the options name or
/// Ctrl-C.
void follow(const Options& options);

}  // namespace probes::path
