// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace xpoll::test {

// Runs each body in its own thread and joins them all. Returns the messages of those that threw.
std::vector<std::string> concurrently(const std::vector<std::function<void()>>& bodies);

}  // namespace xpoll::test
