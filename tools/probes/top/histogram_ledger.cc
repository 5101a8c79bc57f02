// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/histogram_ledger.h"

#include <algorithm>

namespace top {
namespace {

Histograms counts_of(const top_histograms& seen) {
  Histograms counts{};
  for (std::size_t which = 0; which < TOP_HISTOGRAMS; ++which)
    std::ranges::copy(seen.counts[which], counts[which].begin());
  return counts;
}

Histograms difference(Histograms now, const Histograms& before) {
  for (std::size_t which = 0; which < TOP_HISTOGRAMS; ++which)
    for (std::size_t bits = 0; bits < TOP_BUCKETS; ++bits) now[which][bits] -= before[which][bits];
  return now;
}

}  // namespace

void HistogramLedger::fill(std::vector<Row>& rows, const Observation& observation) {
  Counts now;
  for (const HistogramsSeen& seen : observation.histograms)
    now.emplace(Instance{seen.key.ep, seen.key.seen_since}, counts_of(seen.histograms));
  for (Row& row : rows) {
    const Instance instance{row.ep, row.seen_since};
    const auto counts = now.find(instance);
    if (counts == now.end()) continue;
    const auto before = last_.find(instance);
    row.histograms =
        before == last_.end() ? counts->second : difference(counts->second, before->second);
  }
  last_ = std::move(now);
}

}  // namespace top
