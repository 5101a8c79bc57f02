// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <vector>

namespace xpoll::test {

// Where the module may hook, in the order of its choice.
constexpr const char* kFirstHook = "locks_remove_file";
constexpr const char* kSecondHook = "__fput";

// The functions that call xpoll directly at the last close of a file, as the kernel tells it.
std::vector<std::string> hooked_functions();
// Those of epoll's own that do.
std::vector<std::string> hooked_epoll_functions();

}  // namespace xpoll::test
