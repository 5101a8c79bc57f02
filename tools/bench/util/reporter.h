// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <benchmark/benchmark.h>

#include <vector>

namespace bench {

/// Prints one line per benchmark, with the figures per operation.
class LineReporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
};

/// Writes Google Benchmark's JSON with the names as registered, "subject/backend/parameters",
/// without the library's suffixes.
class PlainNameReporter : public benchmark::JSONReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override;
};

}  // namespace bench
