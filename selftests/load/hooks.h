// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <vector>

namespace xpoll::test {

// The functions that the module may hook, in order of preference.
constexpr const char* kFirstHook = "locks_remove_file";
constexpr const char* kSecondHook = "__fput";

// The functions that, as the kernel reports, call xpoll directly at the last close of a file.
std::vector<std::string> hooked_functions();
// The functions that call xpoll directly at each close of a descriptor.
std::vector<std::string> hooked_close_functions();
// epoll's own functions that call xpoll directly.
std::vector<std::string> hooked_epoll_functions();
// Those of epoll's own functions which the module hooks that this kernel has.
const std::vector<std::string>& epoll_functions();

}  // namespace xpoll::test
