// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <span>

namespace bench_contention {

/// Does this x86-64 instruction lock a cache line? It has a LOCK prefix, or is an XCHG with memory.
inline bool is_locked(std::span<const std::uint8_t> instruction) {
  constexpr std::uint8_t kLock = 0xf0;
  constexpr std::uint8_t kRegisterOperand = 0b11;
  std::size_t at = 0;
  for (; at < instruction.size(); ++at) {
    switch (instruction[at]) {
      case kLock:
        return true;
      case 0x26:
      case 0x2e:
      case 0x36:
      case 0x3e:
      case 0x64:
      case 0x65:
      case 0x66:
      case 0x67:
      case 0xf2:
      case 0xf3:
        continue;
      default:
        break;
    }
    break;
  }
  const bool has_rex = at < instruction.size() && (instruction[at] & 0xf0) == 0x40;
  if (has_rex) ++at;
  if (at + 1 >= instruction.size()) return false;
  const bool is_exchange = instruction[at] == 0x86 || instruction[at] == 0x87;
  return is_exchange && instruction[at + 1] >> 6 != kRegisterOperand;
}

}  // namespace bench_contention
