// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>
#include <vector>

#include "step.h"

namespace xpoll::fuzz {

using Fails = std::function<bool(const std::vector<Step>&)>;

// The steps, which fail, made fewer and then simpler for as long as they still fail: no single step
// can be left out of the result.
std::vector<Step> shrink(std::vector<Step> steps, const Fails& fails);

}  // namespace xpoll::fuzz
