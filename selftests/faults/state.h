// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <vector>

#include "tools/util/checked.h"

namespace xpoll::test {

using Lines = std::vector<std::string>;

// All observable state of these xpoll descriptors and of the process that a failed call must not
// change: watches, counters, open descriptors, the signal mask. Reading it changes nothing.
Lines state_of(const std::vector<int>& descriptors);

// The events that a wait on each instance delivers. Level-triggered watches are unaffected.
Lines delivered_by(const std::vector<int>& instances);

}  // namespace xpoll::test
