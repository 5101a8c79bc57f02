// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>

namespace xpoll::test {

// Prints and records the numbers of produced and received events. Fails the test if they differ or
// are 0.
inline void expect_no_loss(const char* of_what, std::uint64_t produced, std::uint64_t delivered) {
  fmt::print("# {}: {} produced, {} delivered\n", of_what, produced, delivered);
  testing::Test::RecordProperty("produced", std::to_string(produced));
  testing::Test::RecordProperty("delivered", std::to_string(delivered));
  EXPECT_GT(produced, 0U);
  EXPECT_EQ(produced, delivered);
}

}  // namespace xpoll::test
