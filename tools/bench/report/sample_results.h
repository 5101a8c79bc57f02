// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "results.h"

namespace bench_report {

/// The JSON that Google Benchmark writes for a run without benchmarks.
inline nlohmann::json empty_run() {
  return {{"context", {{"kernel_release", "6.1.0-56-amd64"}, {"kernel_version", "#1 SMP"}}},
          {"benchmarks", nlohmann::json::array()}};
}

inline nlohmann::json benchmark(const std::string& name, double instructions) {
  return {{"name", name}, {"real_time", 1.0}, {"instructions", instructions}};
}

/// A run of benchmarks with these names and figures.
inline Results results_of(std::initializer_list<std::pair<std::string, double>> benchmarks) {
  nlohmann::json json = empty_run();
  for (const auto& [name, instructions] : benchmarks) {
    json["benchmarks"].push_back(benchmark(name, instructions));
  }
  return read_results(json);
}

}  // namespace bench_report
