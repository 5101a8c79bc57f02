// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>
#include <vector>

namespace xpoll::test {

using Step = std::function<void()>;

// Repeats for `rounds`, or until the test has failed: runs `prepare`, then all steps concurrently
// in their own threads, then `check`.
void race(int rounds, const Step& prepare, const std::vector<Step>& steps, const Step& check);

}  // namespace xpoll::test
