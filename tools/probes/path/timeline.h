// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

#include "probes/path/event.h"
#include "probes/path/task_names.h"
#include "probes/util/terminal.h"

namespace probes::path {

/// One event, one line per stage.
std::string timeline(const Event& event, TaskNames& names, const Terminal& terminal);

}  // namespace probes::path
