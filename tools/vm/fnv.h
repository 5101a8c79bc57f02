// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <string_view>

namespace xpoll::vm {

/** FNV-1a, to tell contents apart. Unlike std::hash, it gives the same result in every run. */
constexpr uint32_t fnv1a_32(std::string_view bytes) {
  uint32_t hash = 2166136261U;
  for (const char c : bytes) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619U;
  return hash;
}

}  // namespace xpoll::vm
