// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/histogram_text.h"

#include <fmt/format.h>

#include "probes/util/histogram.h"

namespace top {
namespace {

std::string title_of(const Row& row) {
  const Holder& holder = row.holders.front();
  return fmt::format("{} {}, PID {}, {}", kind_name(row.kind), holder.command, holder.pid,
                     row.closed ? "closed" : fmt::format("FD {}", holder.fd));
}

std::vector<probes::HistogramSide> sides_of(const Row& row) {
  std::vector<probes::HistogramSide> sides;
  for (const top_histogram which : {TOP_WAKE_LATENCY, TOP_SERVICE_TIME})
    sides.push_back({histogram_name(which), probes::log2_buckets(row.histograms[which])});
  return sides;
}

}  // namespace

const char* histogram_name(top_histogram which) {
  return which == TOP_WAKE_LATENCY ? "wake latency" : "service time";
}

std::string histograms_of(const std::vector<Row>& rows, int columns,
                          const probes::Terminal& terminal) {
  std::string text;
  for (const Row& row : rows) {
    const std::string drawn = probes::histogram(title_of(row), sides_of(row), columns, terminal);
    if (!drawn.empty()) text += '\n' + drawn;
  }
  return text;
}

}  // namespace top
