// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "plan.h"
#include "run.h"

namespace probes::compare {

/// Runs the command on native epoll, then on xpoll, both times under the probes.
Comparison measure(const Plan& plan);

}  // namespace probes::compare
