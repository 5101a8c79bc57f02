// SPDX-License-Identifier: GPL-2.0-only
#include "cache_lines.h"

#include <gtest/gtest.h>

namespace bench_contention {
namespace {

constexpr std::uint64_t kAddress = 0xffff'8880'0123'4540;
constexpr std::uint64_t kSameLine = kAddress + 0x3f;
constexpr std::uint64_t kSameIndex = kAddress + (1u << 26);

TEST(CacheLines, OneProcessorIsQuiet) {
  CacheLines lines;
  EXPECT_EQ(lines.read(0, kAddress), Access::kQuiet);
  EXPECT_EQ(lines.write(0, kAddress), Access::kQuiet);
  EXPECT_EQ(lines.write(0, kSameLine), Access::kQuiet);
  EXPECT_EQ(lines.read(0, kAddress), Access::kQuiet);
}

TEST(CacheLines, ReadersDoNotDisturbEachOther) {
  CacheLines lines;
  EXPECT_EQ(lines.read(0, kAddress), Access::kQuiet);
  EXPECT_EQ(lines.read(1, kAddress), Access::kQuiet);
}

TEST(CacheLines, AReadAfterAnothersWriteFetchesOnce) {
  CacheLines lines;
  lines.write(0, kAddress);
  EXPECT_EQ(lines.read(1, kSameLine), Access::kFetched);
  EXPECT_EQ(lines.read(1, kAddress), Access::kQuiet);
  EXPECT_EQ(lines.read(2, kAddress), Access::kFetched);
}

TEST(CacheLines, AWriteTakesOverWhatAnotherReadOrWrote) {
  CacheLines lines;
  lines.read(0, kAddress);
  EXPECT_EQ(lines.write(1, kAddress), Access::kTakenOver);
  EXPECT_EQ(lines.write(1, kAddress), Access::kQuiet);
  EXPECT_EQ(lines.write(0, kSameLine), Access::kTakenOver);
  lines.read(1, kAddress);
  EXPECT_EQ(lines.write(0, kAddress), Access::kTakenOver);
}

TEST(CacheLines, AnotherLineOfTheSameIndexBeginsUntouched) {
  CacheLines lines;
  lines.write(0, kAddress);
  EXPECT_EQ(lines.write(1, kSameIndex), Access::kQuiet);
  EXPECT_EQ(lines.read(1, kAddress), Access::kQuiet);
}

}  // namespace
}  // namespace bench_contention
