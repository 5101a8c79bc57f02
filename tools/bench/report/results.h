// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace bench_report {

/// One figure of one benchmark, "subject/backend/parameters".
struct Result {
  std::string subject;
  std::string backend;
  std::string parameters;  // with slashes between, or empty
  double figure = 0;
  std::string unit;

  /// What an operation costs, not something else that was observed.
  [[nodiscard]] bool is_cost() const { return unit == "instructions" || unit == "ns"; }

  friend bool operator==(const Result&, const Result&) = default;
};

/// From a benchmark's name, without a figure. Throws std::runtime_error.
Result split_name(const std::string& name);

/// What was measured on one kernel.
struct Results {
  std::string kernel;  // release and version
  std::vector<Result> all;

  /// The same figure of another backend; null if there is none.
  [[nodiscard]] const Result* sibling(const Result& result, std::string_view backend) const;
};

/// From Google Benchmark's JSON. A benchmark may have several figures. Throws std::runtime_error,
/// also if a benchmark failed.
Results read_results(const nlohmann::json& json);

/// One run of several on the same kernel: all benchmarks, the first one's context. Throws
/// std::runtime_error if the kernels differ.
nlohmann::json merge(const std::vector<nlohmann::json>& runs);

}  // namespace bench_report
