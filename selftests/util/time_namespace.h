// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>

namespace xpoll::test {

bool has_time_namespaces();

// From now on the caller's children, but not the caller, live in a new time namespace whose
// CLOCK_MONOTONIC is ahead by `offset`.
void make_time_namespace(std::chrono::seconds offset);

}  // namespace xpoll::test
