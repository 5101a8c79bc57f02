// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fair {

/// How the workers share the connections of one port.
enum class Sharing : std::uint8_t {
  exclusive,  ///< an instance per worker; all watch one listener, with EPOLLEXCLUSIVE
  shared,     ///< one instance, on which all workers wait; it watches the listener edge-triggered
  reuseport,  ///< an instance and a listener per worker (SO_REUSEPORT)
};

/// One of the configurations to compare.
struct Arrangement {
  std::string name;
  Sharing sharing = Sharing::exclusive;
  /// XPOLL_WAKE_*, or nothing for native epoll.
  std::optional<std::uint32_t> policy;

  [[nodiscard]] bool native() const { return !policy; }
};

/// Returns all of them, native epoll's first.
std::vector<Arrangement> arrangements();

}  // namespace fair
