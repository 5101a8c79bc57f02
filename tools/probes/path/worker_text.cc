// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path/worker_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "probes/path/summary_text.h"
#include "probes/util/microseconds.h"
#include "tools/util/text_table.h"

namespace probes::path {
namespace {

/// The columns to drop, in this order: stages that are not the thread's own come first.
constexpr std::array<std::size_t, 4> kExpendable{3, 2, 4, 5};
constexpr std::size_t kMostRows = 20;

/// Time to this stage from whichever stage preceded it.
Distribution time_to(Stage stage, const KindSummary& summary) {
  Distribution all;
  for (const auto& [step, distribution] : summary.steps)
    if (step.to == stage)
      for (const std::uint64_t value : distribution.values()) all.add(value);
  return all;
}

std::vector<std::string> heads() {
  std::vector<std::string> heads{"p50, microseconds", "events"};
  for (const Stage stage : kAllStages)
    if (stage != Stage::received) heads.emplace_back(key_of(stage));
  heads.insert(heads.end(), {"total", "p99"});
  return heads;
}

std::vector<std::string> cells_of(const WorkerSummary& worker, Kind kind) {
  constexpr double kMedian = 0.5;
  constexpr double kLatest = 0.99;
  const KindSummary& summary = worker.summary;
  std::vector<std::string> cells{fmt::format("{} {}/{}", name_of(kind), worker.comm, worker.tid),
                                 std::to_string(summary.events)};
  for (const Stage stage : kAllStages)
    if (stage != Stage::received)
      cells.push_back(brief_microseconds(time_to(stage, summary).quantile(kMedian)));
  for (const double part : {kMedian, kLatest})
    cells.push_back(brief_microseconds(summary.total.quantile(part)));
  return cells;
}

}  // namespace

std::string workers_text(const Summary& summary, std::span<const Kind> kinds,
                         const Terminal& terminal) {
  xpoll::TextTable table(xpoll::columns_of(heads()));
  std::size_t workers = 0;
  std::string left_out;
  for (const Kind kind : kinds) {
    const std::vector<const WorkerSummary*> all = summary.workers_of(kind);
    workers += all.size();
    for (const WorkerSummary* worker : std::span(all).first(std::min(all.size(), kMostRows)))
      table.add(cells_of(*worker, kind));
    if (all.size() > kMostRows)
      left_out += fmt::format("({} more threads of {})\n", all.size() - kMostRows, name_of(kind));
  }
  if (workers < 2) return "";
  table.fit(kReportColumns, kExpendable);
  return "\n" + text_of(table, terminal) + left_out;
}

}  // namespace probes::path
