// SPDX-License-Identifier: GPL-2.0-only
#include "instructions.h"

#include <algorithm>
#include <cstdlib>

namespace xpoll::test {
namespace {

constexpr std::int64_t kRounds = 300'000;
constexpr std::int64_t kInstructions = 3 * kRounds;

// Three instructions per iteration. 0 / 1 leaves the registers unchanged.
void divide() {
  std::int64_t left = kRounds;
  asm volatile(
      "1: divl %1\n\t"
      "dec %0\n\t"
      "jnz 1b"
      : "+r"(left)
      : "r"(1U), "a"(0U), "d"(0U)
      : "cc");
}

void do_nothing() {
  std::int64_t left = kRounds;
  asm volatile(
      "1: nop\n\t"
      "dec %0\n\t"
      "jnz 1b"
      : "+r"(left)
      :
      : "cc");
}

// At least one of several attempts is not interrupted.
std::int64_t fewest_of(void (*loop)()) {
  std::int64_t fewest = instructions_of(loop);
  for (int attempt = 1; attempt < 5; ++attempt) fewest = std::min(fewest, instructions_of(loop));
  return fewest;
}

bool is_counted(void (*loop)()) {
  return std::abs(fewest_of(loop) - kInstructions) < kInstructions / 100;
}

}  // namespace

// If the clock measures real time, a division takes longer than a no-op.
bool clock_counts_instructions() { return is_counted(divide) && is_counted(do_nothing); }

}  // namespace xpoll::test
