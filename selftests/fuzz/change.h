// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>

namespace xpoll::fuzz {

// One of the changes of a call of XPOLL_IOC_ENTER, in a step's argument. An argument of 0 is none.
struct Change {
  static constexpr std::int64_t kUpsert = 4;

  std::int64_t op = 0;  // EPOLL_CTL_ADD, _MOD, _DEL or kUpsert
  std::int64_t slot = 0;
  std::uint32_t events = 0;
  std::uint64_t data = 0;  // below 256

  constexpr std::int64_t pack() const {
    return op | slot << 4 | static_cast<std::int64_t>(events) << 12 |
           static_cast<std::int64_t>(data) << 44;
  }
  static constexpr Change unpack(std::int64_t packed) {
    return {packed & 0xf, packed >> 4 & 0xff, static_cast<std::uint32_t>(packed >> 12),
            static_cast<std::uint64_t>(packed >> 44) & 0xff};
  }
};

}  // namespace xpoll::fuzz
