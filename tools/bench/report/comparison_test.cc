// SPDX-License-Identifier: GPL-2.0-only
#include "comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample_results.h"

namespace bench_report {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr double kThreshold = 0.005;

TEST(Changes, AreSortedBySizeUpOrDown) {
  const Results base = results_of({{"a/xpoll", 100}, {"b/xpoll", 100}, {"c/xpoll", 100}});
  const Results now = results_of({{"a/xpoll", 101}, {"b/xpoll", 90}, {"c/xpoll", 105}});
  const auto found = changes(base, now, kThreshold);
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found[0].name, "b/xpoll");
  EXPECT_DOUBLE_EQ(found[0].relative(), -0.1);
  EXPECT_EQ(found[1].name, "c/xpoll");
  EXPECT_EQ(found[2].name, "a/xpoll");
}

TEST(Changes, BelowTheThresholdAreNone) {
  EXPECT_THAT(changes(results_of({{"a/xpoll", 1000}}), results_of({{"a/xpoll", 1005}}), kThreshold),
              IsEmpty());
  EXPECT_THAT(changes(results_of({{"a/xpoll", 1000}}), results_of({{"a/xpoll", 1006}}), kThreshold),
              SizeIs(1));
}

TEST(Changes, NeedTheBenchmarkInBoth) {
  EXPECT_THAT(changes(results_of({{"a/xpoll/1", 1}}), results_of({{"a/xpoll/2", 2}}), kThreshold),
              IsEmpty());
}

TEST(Changes, FromNothingCountOnlyIfThereIsSomethingNow) {
  EXPECT_THAT(changes(results_of({{"a/xpoll", 0}}), results_of({{"a/xpoll", 0}}), kThreshold),
              IsEmpty());
  EXPECT_THAT(changes(results_of({{"a/xpoll", 0}}), results_of({{"a/xpoll", 1}}), kThreshold),
              SizeIs(1));
}

TEST(ChangesTable, ShowsBothFigures) {
  const std::string table = changes_table(results_of({{"a/xpoll/1", 1000}}),
                                          results_of({{"a/xpoll/1", 900}}), kThreshold);
  EXPECT_THAT(table, HasSubstr("| a/xpoll/1 | instructions | 1,000.0 | 900.0 | -10.0 % |"));
}

TEST(ChangesTable, SaysIfThereAreNone) {
  const Results same = results_of({{"a/xpoll", 1}});
  EXPECT_THAT(changes_table(same, same, kThreshold), HasSubstr("Nothing changed."));
}

}  // namespace
}  // namespace bench_report
