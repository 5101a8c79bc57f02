// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

namespace xpoll {

// A condition that does not hold after this time is a failure. No test depends on the exact time;
// an emulated guest with two processors on a busy host is slow.
constexpr std::chrono::seconds kDeadline{120};

// Polls until the condition holds, sleeping in between. Throws, naming `what`, when the deadline
// has passed.
void wait_until(std::string_view what, const std::function<bool()>& condition);

}  // namespace xpoll
