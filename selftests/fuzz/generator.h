// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <vector>

#include "random.h"
#include "slots.h"
#include "step.h"

namespace xpoll::fuzz {

// The steps of an episode depend only on seed and episode, not on the kernel's results, so they are
// the same everywhere.
std::vector<Step> generate_episode(std::uint64_t seed, std::uint64_t episode, std::size_t steps);

}  // namespace xpoll::fuzz
