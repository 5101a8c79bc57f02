// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_FAULTS_STATE_H
#define XPOLL_SELFTESTS_FAULTS_STATE_H

#include <string>
#include <vector>

#include "util/fd.h"

namespace xpoll_test {

using Lines = std::vector<std::string>;

// All that can be seen of these descriptors of xpoll and of the process that a failed call must
// leave alone: watches, counts, open descriptors, the signal mask. Nothing is changed by looking.
Lines stateOf(const std::vector<int>& descriptors);

// What a wait on each of the instances delivers. Level-triggered watches stay as they are.
Lines deliveredBy(const std::vector<int>& instances);

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_FAULTS_STATE_H
