// SPDX-License-Identifier: MIT
// The number that names a watch.
#ifndef XPOLL_COOKIE_HPP
#define XPOLL_COOKIE_HPP

#include <linux/xpoll.h>

#include <cstdint>
#include <xpoll/cxx20.hpp>

namespace xpoll {

/// Names a watch of an instance, also after its descriptor was closed or reused. Never names a
/// later watch.
struct cookie {
  std::uint64_t value = XPOLL_COOKIE_NONE;

  friend constexpr bool operator==(cookie, cookie) noexcept = default;
};

}  // namespace xpoll

#endif  // XPOLL_COOKIE_HPP
