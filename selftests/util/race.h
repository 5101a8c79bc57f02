// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>
#include <vector>

namespace xpoll::test {

using Step = std::function<void()>;

// Runs `prepare`, then all steps at once on threads of their own, then `check`, over and over,
// until the test has failed.
void race(int rounds, const Step& prepare, const std::vector<Step>& steps, const Step& check);

}  // namespace xpoll::test
