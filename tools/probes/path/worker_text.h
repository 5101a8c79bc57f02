// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <span>
#include <string>

#include "probes/path/summary.h"
#include "probes/util/terminal.h"

namespace probes::path {

/// A table of the threads that received events, with the median of each stage; empty if there is
/// only one.
std::string workers_text(const Summary& summary, std::span<const Kind> kinds,
                         const Terminal& terminal);

}  // namespace probes::path
