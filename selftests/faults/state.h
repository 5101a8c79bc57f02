// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <vector>

#include "tools/util/checked.h"

namespace xpoll::test {

using Lines = std::vector<std::string>;

// All that can be seen of these descriptors of xpoll and of the process that a failed call must
// leave alone: watches, counts, open descriptors, the signal mask. Nothing is changed by looking.
Lines state_of(const std::vector<int>& descriptors);

// What a wait on each of the instances delivers. Level-triggered watches stay as they are.
Lines delivered_by(const std::vector<int>& instances);

}  // namespace xpoll::test
