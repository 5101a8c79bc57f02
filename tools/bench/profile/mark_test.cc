// SPDX-License-Identifier: GPL-2.0-only
#include "mark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bench {
namespace {

using testing::Eq;

constexpr std::size_t kSize = 7;

template <Mark mark>
__attribute__((noinline)) void marked() {
  put_mark<mark>();
}

/// Returns the first mark in the function's code. The compiler may emit a prologue before it.
template <Mark mark>
std::optional<Mark> mark_in_code() {
  constexpr std::size_t kAtMostBefore = 16;
  const auto* code = reinterpret_cast<const std::uint8_t*>(&marked<mark>);
  for (std::size_t offset = 0; offset <= kAtMostBefore; ++offset) {
    if (const auto found = mark_of({code + offset, kSize})) return found;
  }
  return std::nullopt;
}

TEST(Mark, IsKnownFromItsInstruction) {
  EXPECT_THAT(mark_in_code<Mark::kSection>(), Eq(Mark::kSection));
  EXPECT_THAT(mark_in_code<Mark::kBegin>(), Eq(Mark::kBegin));
  EXPECT_THAT(mark_in_code<Mark::kEnd>(), Eq(Mark::kEnd));
  EXPECT_THAT(mark_in_code<Mark::kDone>(), Eq(Mark::kDone));
}

TEST(Mark, IsNotJustAnyNop) {
  const std::array<std::uint8_t, kSize> other{0x0f, 0x1f, 0x80, 0, 0, 0, 0};
  EXPECT_THAT(mark_of(other), Eq(std::nullopt));
  const std::array<std::uint8_t, kSize> tagged{0x0f, 0x1f, 0x80, 9, 0x6f, 0x70, 0x7a};
  EXPECT_THAT(mark_of(tagged), Eq(std::nullopt));
}

TEST(Mark, IsNoShorterInstruction) {
  const std::array<std::uint8_t, 1> ret{0xc3};
  EXPECT_THAT(mark_of(ret), Eq(std::nullopt));
}

}  // namespace
}  // namespace bench
