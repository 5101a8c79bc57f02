// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <poll.h>

#include <array>
#include <cstddef>
#include <span>

namespace probes {

/// Waits until one of the descriptors is readable, and sets revents. Signals that a descriptor
/// handles do not interrupt it.
void wait_readable(std::span<pollfd> descriptors);

/// wait_readable() for descriptors: returns which of them are readable, in the order given.
template <typename... Descriptors>
std::array<bool, sizeof...(Descriptors)> readable_of(Descriptors... descriptors) {
  std::array<pollfd, sizeof...(Descriptors)> polled{pollfd{descriptors, POLLIN, 0}...};
  wait_readable(polled);
  std::array<bool, sizeof...(Descriptors)> readable{};
  for (std::size_t i = 0; i < polled.size(); ++i) readable[i] = polled[i].revents != 0;
  return readable;
}

}  // namespace probes
