// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

namespace xpoll::test {

// Sets the module's parameter epoll_calls. It can't be "off" again once a process has opted in:
// what is tested without the hooks comes first.
void set_epoll_calls(const std::string& value);

}  // namespace xpoll::test
