// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace xpoll::test {

// Runs each body in a thread of its own until all have ended. What those that threw had to say.
std::vector<std::string> concurrently(const std::vector<std::function<void()>>& bodies);

}  // namespace xpoll::test
