// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_LOAD_HOOKS_H
#define XPOLL_SELFTESTS_LOAD_HOOKS_H

#include <string>
#include <vector>

namespace xpoll_test {

// Where the module may hook, in the order of its choice.
constexpr const char* kFirstHook = "locks_remove_file";
constexpr const char* kSecondHook = "__fput";

// The functions that call xpoll directly, as the kernel tells it.
std::vector<std::string> hookedFunctions();

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_LOAD_HOOKS_H
