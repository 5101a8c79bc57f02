// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <benchmark/benchmark.h>

#include <vector>

namespace bench {

/// A line for each benchmark, with what was measured of one operation.
class LineReporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
};

/// Google Benchmark's JSON, with the names as they were registered: "subject/backend/parameters",
/// without what the library appends.
class PlainNameReporter : public benchmark::JSONReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override;
};

}  // namespace bench
