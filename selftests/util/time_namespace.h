// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>

namespace xpoll::test {

bool has_time_namespaces();

// From now on the caller's children live in a namespace of their own, the caller does not.
// CLOCK_MONOTONIC shows `offset` more there.
void make_time_namespace(std::chrono::seconds offset);

}  // namespace xpoll::test
