// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>
#include <vector>

#include "step.h"

namespace xpoll::fuzz {

using Fails = std::function<bool(const std::vector<Step>&)>;

// Reduces a failing sequence: drops and simplifies steps while it still fails. No single step of
// the result can be dropped.
std::vector<Step> shrink(std::vector<Step> steps, const Fails& fails);

}  // namespace xpoll::fuzz
