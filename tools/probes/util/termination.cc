// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/termination.h"

#include <csignal>

#include "probes/util/signals.h"

namespace probes {

Termination::Termination() : fd_(descriptor_of({SIGINT, SIGTERM})) {}

}  // namespace probes
