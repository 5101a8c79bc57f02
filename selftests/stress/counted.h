// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_STRESS_COUNTED_H
#define XPOLL_SELFTESTS_STRESS_COUNTED_H

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>

namespace xpoll_test {

// Says, and records for the report, what was produced and what arrived; fails the test if they
// differ or if there was nothing.
inline void expectNoLoss(const char* of_what, std::uint64_t produced, std::uint64_t delivered) {
  fmt::print("# {}: {} produced, {} delivered\n", of_what, produced, delivered);
  testing::Test::RecordProperty("produced", std::to_string(produced));
  testing::Test::RecordProperty("delivered", std::to_string(delivered));
  EXPECT_GT(produced, 0U);
  EXPECT_EQ(produced, delivered);
}

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_STRESS_COUNTED_H
