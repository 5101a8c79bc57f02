// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace bench_report {

/// One figure of the benchmark "subject/backend/parameters".
struct Result {
  std::string subject;
  std::string backend;
  std::string parameters;  // separated by slashes, or empty
  double figure = 0;
  std::string unit;

  /// Whether the figure is the cost of an operation, not another observation.
  [[nodiscard]] bool is_cost() const { return unit == "instructions" || unit == "ns"; }

  friend bool operator==(const Result&, const Result&) = default;
};

/// Splits a benchmark's name into a result without a figure. Throws std::runtime_error.
Result split_name(const std::string& name);

/// The results measured on one kernel.
struct Results {
  std::string kernel;  // release and version
  std::vector<Result> all;

  /// The same figure on another backend, or null if there is none.
  [[nodiscard]] const Result* sibling(const Result& result, std::string_view backend) const;
};

/// Parses Google Benchmark's JSON. A benchmark may have several figures. Throws std::runtime_error,
/// also if a benchmark failed.
Results read_results(const nlohmann::json& json);

/// Merges several runs on the same kernel: all benchmarks, with the first run's context. Throws
/// std::runtime_error if the kernels differ.
nlohmann::json merge(const std::vector<nlohmann::json>& runs);

}  // namespace bench_report
