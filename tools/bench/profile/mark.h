// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

// Marks tell the profiler's plugin, which sees every instruction of the guest, what to count. The
// processor executes them as no-operations.

namespace bench {

enum class Mark : std::uint8_t {
  kSection = 1,  // start of the next benchmark
  kBegin,        // start of a measured round
  kEnd,
  kDone,  // end of this program's marks
};

namespace mark_detail {

/// NOPL with a 32-bit displacement that no compiler emits.
constexpr std::array<std::uint8_t, 3> kNop{0x0f, 0x1f, 0x80};
constexpr std::uint32_t kTag = 0x7a'6f'70'00;

}  // namespace mark_detail

template <Mark mark>
inline void put_mark() {
  asm volatile(
      ".byte 0x0f, 0x1f, 0x80\n\t"
      ".long %c0"
      :
      : "i"(mark_detail::kTag | static_cast<std::uint32_t>(mark))
      : "memory");
}

/// Returns the mark that the instruction encodes, if any.
inline std::optional<Mark> mark_of(std::span<const std::uint8_t> instruction) {
  using namespace mark_detail;
  std::uint32_t displacement = 0;
  if (instruction.size() != kNop.size() + sizeof(displacement)) return std::nullopt;
  if (std::memcmp(instruction.data(), kNop.data(), kNop.size()) != 0) return std::nullopt;
  std::memcpy(&displacement, instruction.data() + kNop.size(), sizeof(displacement));
  const std::uint32_t mark = displacement ^ kTag;
  if (mark < static_cast<std::uint32_t>(Mark::kSection) ||
      mark > static_cast<std::uint32_t>(Mark::kDone)) {
    return std::nullopt;
  }
  return static_cast<Mark>(mark);
}

}  // namespace bench
