// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

namespace xpoll {

// After this long a state that has not come is a failure; no test depends on coming near it. An
// emulated guest of two processors on a busy host is slow.
constexpr std::chrono::seconds kDeadline{120};

// Looks again until the condition holds, giving the processor away in between. Throws, naming
// `what`, when the deadline is over.
void wait_until(std::string_view what, const std::function<bool()>& condition);

}  // namespace xpoll
