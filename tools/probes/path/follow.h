// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "probes/path/options.h"

namespace probes::path {

/// Traces events as the options say and prints them, until the limit in the options or Ctrl-C.
void follow(const Options& options);

}  // namespace probes::path
