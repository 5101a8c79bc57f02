// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_FUZZ_GENERATOR_H
#define XPOLL_SELFTESTS_FUZZ_GENERATOR_H

#include <cstdint>
#include <vector>

#include "random.h"
#include "slots.h"
#include "step.h"

namespace xpoll_fuzz {

// The steps of an episode follow from seed and episode alone: nothing that a kernel answers has a
// say, so that they are the same everywhere.
std::vector<Step> generateEpisode(std::uint64_t seed, std::uint64_t episode, std::size_t steps);

}  // namespace xpoll_fuzz

#endif  // XPOLL_SELFTESTS_FUZZ_GENERATOR_H
