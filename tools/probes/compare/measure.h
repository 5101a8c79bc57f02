// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_PROBES_COMPARE_MEASURE_H
#define XPOLL_PROBES_COMPARE_MEASURE_H

#include "plan.h"
#include "run.h"

namespace probes::compare {

/// Runs the command on native epoll, then on xpoll, each time under the probes.
Comparison measure(const Plan& plan);

}  // namespace probes::compare

#endif  // XPOLL_PROBES_COMPARE_MEASURE_H
