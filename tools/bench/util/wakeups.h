// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <benchmark/benchmark.h>

#include <functional>

#include "settings.h"
#include "watched_set.h"

namespace bench {

constexpr int kWakeups = 100;

/// The cost of a wake-up for its originator: this many descriptors of the set become readable while
/// no task waits. harvest() takes what their instance has made of it.
void measure_wakeups(
    benchmark::State& state, const Settings& settings, const WatchedSet& set,
    const std::function<void()>& harvest = [] {});

}  // namespace bench
