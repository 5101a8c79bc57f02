// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_APPS_CONCURRENTLY_H
#define XPOLL_SELFTESTS_APPS_CONCURRENTLY_H

#include <functional>
#include <string>
#include <vector>

namespace xpoll_test {

// Runs each body in a thread of its own until all have ended. What those that threw had to say.
std::vector<std::string> concurrently(const std::vector<std::function<void()>>& bodies);

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_APPS_CONCURRENTLY_H
