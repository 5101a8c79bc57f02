// SPDX-License-Identifier: GPL-2.0-only
#include "locked.h"

#include <gtest/gtest.h>

#include <vector>

namespace bench_contention {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(Locked, IsWhatHasThePrefix) {
  EXPECT_TRUE(is_locked(Bytes{0xf0, 0xff, 0x07}));                    // lock incl (%rdi)
  EXPECT_TRUE(is_locked(Bytes{0x3e, 0xf0, 0x48, 0x0f, 0xb1, 0x0f}));  // ds lock cmpxchg %rcx,(%rdi)
  EXPECT_FALSE(is_locked(Bytes{0xff, 0x07}));                         // incl (%rdi)
  EXPECT_FALSE(is_locked(Bytes{0x0f, 0xb1, 0xf0}));  // cmpxchg %esi,%eax: f0 is its operand
}

TEST(Locked, IsAnExchangeWithMemory) {
  EXPECT_TRUE(is_locked(Bytes{0x87, 0x07}));        // xchg %eax,(%rdi)
  EXPECT_TRUE(is_locked(Bytes{0x48, 0x87, 0x07}));  // xchg %rax,(%rdi)
  EXPECT_TRUE(is_locked(Bytes{0x66, 0x41, 0x86, 0x00}));
  EXPECT_FALSE(is_locked(Bytes{0x48, 0x87, 0xc7}));  // xchg %rax,%rdi
}

TEST(Locked, IsNothingThatIsTooShort) {
  EXPECT_FALSE(is_locked(Bytes{}));
  EXPECT_FALSE(is_locked(Bytes{0x87}));
  EXPECT_FALSE(is_locked(Bytes{0x66, 0x48}));
}

}  // namespace
}  // namespace bench_contention
