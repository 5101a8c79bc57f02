// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/microseconds.h"

#include <gtest/gtest.h>

namespace probes {
namespace {

TEST(MicrosecondsTest, AreExactUnlessTheyAreToBeBrief) {
  EXPECT_EQ(microseconds(12'345'678), "12345.678");
  EXPECT_EQ(microseconds(std::nullopt), "-");
}

TEST(MicrosecondsTest, BriefOnesFitSevenCharacters) {
  EXPECT_EQ(brief_microseconds(std::nullopt), "-");
  EXPECT_EQ(brief_microseconds(7), "0.007");
  EXPECT_EQ(brief_microseconds(999'999), "999.999");
  EXPECT_EQ(brief_microseconds(1'000'049), "1000.0");
  EXPECT_EQ(brief_microseconds(99'999'940), "99999.9");
  EXPECT_EQ(brief_microseconds(1'234'567'890), "1234568");
}

}  // namespace
}  // namespace probes
