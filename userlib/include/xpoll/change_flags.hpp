// SPDX-License-Identifier: MIT
// What a watch can have besides what epoll's have.
#ifndef XPOLL_CHANGE_FLAGS_HPP
#define XPOLL_CHANGE_FLAGS_HPP

#include <linux/xpoll.h>

#include <cstdint>
#include <xpoll/cxx20.hpp>

namespace xpoll {

/// A set of flags of an addition; <linux/xpoll.h> describes each.
enum class change_flags : std::uint16_t {
  none = 0,
  close = XPOLL_CHANGE_CLOSE,      ///< the watch ends with its descriptor
  only = XPOLL_CHANGE_ONLY,        ///< no events::err and events::hup unless asked for
  removed = XPOLL_CHANGE_REMOVED,  ///< a last event when the watch has ended
  time = XPOLL_CHANGE_TIME,        ///< keeps when and how often it was woken
};

constexpr std::uint16_t bits(change_flags set) noexcept { return static_cast<std::uint16_t>(set); }

constexpr change_flags operator|(change_flags a, change_flags b) noexcept {
  return change_flags{static_cast<std::uint16_t>(bits(a) | bits(b))};
}

}  // namespace xpoll

#endif  // XPOLL_CHANGE_FLAGS_HPP
