// SPDX-License-Identifier: GPL-2.0-only
#include "reporter.h"

#include <fmt/format.h>

#include <cstdio>

namespace bench {
namespace {

using Run = benchmark::BenchmarkReporter::Run;

const char* figure_name(const Run& run) {
  for (const char* name : {"instructions", "ns", "bytes"}) {
    if (run.counters.contains(name)) return name;
  }
  return nullptr;
}

}  // namespace

bool LineReporter::ReportContext(const Context&) { return true; }

void LineReporter::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    const std::string& name = run.run_name.function_name;
    if (run.error_occurred) {
      fmt::print("{:<44} {}\n", name, run.error_message);
    } else if (const char* figure = figure_name(run)) {
      fmt::print("{:<44} {:>14.1f} {}\n", name, run.counters.at(figure).value, figure);
    } else {
      fmt::print("{}\n", name);
    }
  }
  std::fflush(stdout);
}

void PlainNameReporter::ReportRuns(const std::vector<Run>& runs) {
  std::vector<Run> plain = runs;
  for (Run& run : plain) {
    run.run_name.iterations.clear();
    run.run_name.time_type.clear();
  }
  JSONReporter::ReportRuns(plain);
}

}  // namespace bench
