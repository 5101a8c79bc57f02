// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <functional>
#include <string>

#include "util/settings.h"

namespace bench {

/// Registers a benchmark named "subject/backend/parameters" unless the user's filter excludes it.
/// The library's iterations are the rounds of the measurement.
void add_benchmark_named(const Settings& settings, const std::string& name,
                         std::function<void(benchmark::State&)> body);

template <typename... Parameters>
void add_benchmark(const Settings& settings, const std::string& subject, const char* backend,
                   std::function<void(benchmark::State&)> body, const Parameters&... parameters) {
  std::string name = fmt::format("{}/{}", subject, backend);
  ((name += fmt::format("/{}", parameters)), ...);
  add_benchmark_named(settings, name, std::move(body));
}

// One function for each file of subjects.
void register_accept(const Settings& settings);
void register_callback(const Settings& settings);
void register_create(const Settings& settings);
void register_ctl(const Settings& settings);
void register_echo(const Settings& settings);
void register_enter(const Settings& settings);
void register_extended(const Settings& settings);
void register_memory(const Settings& settings);
void register_policy(const Settings& settings);
void register_ring(const Settings& settings);
void register_threads(const Settings& settings);
void register_unwatched(const Settings& settings);
void register_wait(const Settings& settings);
void register_wakeup(const Settings& settings);
void register_watch(const Settings& settings);

}  // namespace bench
