// SPDX-License-Identifier: GPL-2.0-only
#include "round_counts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>

namespace bench_profile {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

void run(RoundCounts& counts, std::initializer_list<std::uint64_t> addresses) {
  for (const std::uint64_t address : addresses) counts.executed(*counts.instruction(address));
}

void round(RoundCounts& counts, std::initializer_list<std::uint64_t> addresses) {
  counts.begin_round();
  run(counts, addresses);
  counts.end_round();
}

TEST(RoundCounts, CountOnlyBetweenMarks) {
  RoundCounts counts;
  counts.start_section();
  run(counts, {1, 2});
  round(counts, {2, 3, 3});
  run(counts, {3});
  EXPECT_THAT(counts.sections(), ElementsAre(ElementsAre(Pair(2, 1), Pair(3, 2))));
}

TEST(RoundCounts, KeepTheCheapestRoundOfASection) {
  RoundCounts counts;
  counts.start_section();
  round(counts, {1, 1, 1});
  round(counts, {2, 3});
  round(counts, {4, 4, 4});
  EXPECT_THAT(counts.sections(), ElementsAre(ElementsAre(Pair(2, 1), Pair(3, 1))));
}

TEST(RoundCounts, TakeNoRoundForAnotherSections) {
  RoundCounts counts;
  counts.start_section();
  round(counts, {1});
  counts.start_section();
  round(counts, {2, 2});
  EXPECT_THAT(counts.sections(), ElementsAre(ElementsAre(Pair(1, 1)), ElementsAre(Pair(2, 2))));
}

TEST(RoundCounts, LeaveOutRoundsOfNothing) {
  RoundCounts counts;
  counts.start_section();
  round(counts, {1});
  round(counts, {});
  EXPECT_THAT(counts.sections(), ElementsAre(ElementsAre(Pair(1, 1))));
}

TEST(RoundCounts, NeedASection) {
  RoundCounts counts;
  round(counts, {1});
  EXPECT_THAT(counts.sections(), IsEmpty());
}

TEST(Counts, AreReadAsTheyWereWritten) {
  const std::vector<Counts> sections{{{0xffffffff81000000, 7}, {0x10, 1}}, {{0x20, 2}}};
  std::stringstream file;
  write_counts(sections, file);
  EXPECT_EQ(read_counts(file), sections);
}

TEST(Counts, ThatAreNoneAreRefused) {
  std::istringstream file("0 ffff 3\nsomething else\n");
  EXPECT_THROW(read_counts(file), std::runtime_error);
}

}  // namespace
}  // namespace bench_profile
