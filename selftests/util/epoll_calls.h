// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <linux/xpoll.h>

#include <cstdint>
#include <functional>

#include "tools/util/checked.h"

namespace xpoll::test {

// XPOLL_IOC_PROCESS without the library.
int set_process(std::uint32_t mode, std::uint32_t group = 0, std::uint64_t key = 0);

// Whether XPOLL_FEATURE_EPOLL_CALLS is set.
bool has_epoll_calls();

// Whether the module can hook epoll's own calls in this kernel. On x86-64 it can't if clang
// compiled the kernel (module/arch/x86/decide.mk).
bool can_hook_epoll_calls();
constexpr const char* kHookableEpollCalls = "epoll's own calls in a kernel that gcc compiled";

// Whether the descriptor is an xpoll instance, by its name in /proc.
bool is_instance(int fd);
// Whether epoll_create1(2) creates xpoll instances in this process. Throws if it fails.
bool creates_instances();

// Returns the result of the body in a forked child that has opted in, and sets errno to the
// child's.
int in_opted_process(const std::function<int()>& body);

}  // namespace xpoll::test
