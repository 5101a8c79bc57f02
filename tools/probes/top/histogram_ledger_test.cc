// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/histogram_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace top {
namespace {

HistogramsSeen seen(std::uint64_t seen_since, std::uint64_t count) {
  HistogramsSeen seen;
  seen.key = {.ep = 1, .seen_since = seen_since};
  seen.histograms.counts[TOP_SERVICE_TIME][10] = count;
  return seen;
}

class HistogramLedgerTest : public testing::Test {
 protected:
  Histograms filled(const HistogramsSeen& seen, bool closed = false) {
    Row row;
    row.ep = seen.key.ep;
    row.seen_since = seen.key.seen_since;
    row.closed = closed;
    std::vector<Row> rows{row};
    Observation observation;
    observation.histograms = {seen};
    ledger_.fill(rows, observation);
    return rows[0].histograms;
  }

  HistogramLedger ledger_;
};

TEST_F(HistogramLedgerTest, ValuesAreThoseSinceTheLastObservation) {
  filled(seen(1, 4));
  const Histograms since = filled(seen(1, 7));
  EXPECT_EQ(since[TOP_SERVICE_TIME][10], 3U);
  EXPECT_EQ(since[TOP_WAKE_LATENCY][10], 0U);
}

TEST_F(HistogramLedgerTest, AnotherInstanceAtTheSameAddressBeginsAnew) {
  filled(seen(1, 4));
  EXPECT_EQ(filled(seen(2, 3))[TOP_SERVICE_TIME][10], 3U);
}

TEST_F(HistogramLedgerTest, OneThatIsClosedIsToldOfWithItsLast) {
  filled(seen(1, 4));
  EXPECT_EQ(filled(seen(1, 5), true)[TOP_SERVICE_TIME][10], 1U);
}

}  // namespace
}  // namespace top
