// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/distribution.h"

#include <gmock/gmock.h>

namespace probes {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Distribution of(std::initializer_list<std::uint64_t> values) {
  Distribution distribution;
  for (const std::uint64_t value : values) distribution.add(value);
  return distribution;
}

TEST(DistributionTest, OfNothingHasNoQuantiles) {
  EXPECT_EQ(Distribution().quantile(0.5), std::nullopt);
  EXPECT_EQ(Distribution().max(), std::nullopt);
  EXPECT_THAT(Distribution().log2_buckets(), IsEmpty());
}

TEST(DistributionTest, QuantilesAreValuesThatWereAdded) {
  const Distribution distribution = of({40, 10, 30, 20});
  EXPECT_EQ(distribution.quantile(0.5), 20U);
  EXPECT_EQ(distribution.quantile(0.51), 30U);
  EXPECT_EQ(distribution.quantile(0), 10U);
  EXPECT_EQ(distribution.max(), 40U);
}

TEST(DistributionTest, The99thPercentileOfAHundredIsTheSecondLargest) {
  Distribution distribution;
  for (std::uint64_t value = 100; value > 0; --value) distribution.add(value);
  EXPECT_EQ(distribution.quantile(0.99), 99U);
}

TEST(DistributionTest, TakesValuesAfterItWasAsked) {
  Distribution distribution = of({5, 1});
  ASSERT_EQ(distribution.max(), 5U);
  distribution.add(3);
  EXPECT_EQ(distribution.quantile(0.5), 3U);
  EXPECT_EQ(distribution.count(), 3U);
}

TEST(DistributionTest, BucketsDoubleAndLeaveNoGap) {
  EXPECT_THAT(of({0, 1, 2, 3, 4, 16}).log2_buckets(),
              ElementsAre(Bucket{0, 1, 1}, Bucket{1, 2, 1}, Bucket{2, 4, 2}, Bucket{4, 8, 1},
                          Bucket{8, 16, 0}, Bucket{16, 32, 1}));
}

TEST(DistributionTest, TheLastBucketHoldsTheLargestNumber) {
  EXPECT_THAT(of({UINT64_MAX}).log2_buckets(),
              ElementsAre(Bucket{std::uint64_t{1} << 63, UINT64_MAX, 1}));
}

TEST(Log2BucketsTest, BeginAndEndWithOnesThatAreNotEmpty) {
  const std::uint64_t counts[]{0, 0, 3, 0, 5, 0};
  EXPECT_THAT(log2_buckets(counts),
              ElementsAre(Bucket{2, 4, 3}, Bucket{4, 8, 0}, Bucket{8, 16, 5}));
  EXPECT_THAT(log2_buckets({}), IsEmpty());
}

}  // namespace
}  // namespace probes
