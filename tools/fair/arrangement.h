// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fair {

/// How the workers come to the connections of one port.
enum class Sharing : std::uint8_t {
  exclusive,  ///< an instance each; all watch one listener, with EPOLLEXCLUSIVE
  shared,     ///< one instance, on which all wait; the listener is edge-triggered in it
  reuseport,  ///< an instance and a listener each (SO_REUSEPORT)
};

/// What is compared.
struct Arrangement {
  std::string name;
  Sharing sharing = Sharing::exclusive;
  /// XPOLL_WAKE_*, or nothing for native epoll.
  std::optional<std::uint32_t> policy;

  [[nodiscard]] bool native() const { return !policy; }
};

/// All, native epoll's first.
std::vector<Arrangement> arrangements();

}  // namespace fair
