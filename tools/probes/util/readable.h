// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <poll.h>

#include <array>
#include <cstddef>
#include <span>

namespace probes {

/// Waits until one of the descriptors can be read, and sets revents. Signals that are handled by a
/// descriptor do not end it.
void wait_readable(std::span<pollfd> descriptors);

/// wait_readable() for descriptors, in the order given: which can be read.
template <typename... Descriptors>
std::array<bool, sizeof...(Descriptors)> readable_of(Descriptors... descriptors) {
  std::array<pollfd, sizeof...(Descriptors)> polled{pollfd{descriptors, POLLIN, 0}...};
  wait_readable(polled);
  std::array<bool, sizeof...(Descriptors)> readable{};
  for (std::size_t i = 0; i < polled.size(); ++i) readable[i] = polled[i].revents != 0;
  return readable;
}

}  // namespace probes
