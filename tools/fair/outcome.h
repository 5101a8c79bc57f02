// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "client.h"

namespace fair {

/// The result of one arrangement.
struct Outcome {
  std::string server;  ///< "echo" or "nginx"
  std::string name;    ///< the name of the arrangement
  Shares shares;       ///< connections per worker
  /// Only for echo. to_silent: of as many connections again, those that the busiest worker got
  /// after its heartbeats had stopped. hang: the result of another run in which a worker hung.
  std::optional<std::uint64_t> to_silent;
  std::optional<Hang> hang;

  [[nodiscard]] std::uint64_t connections() const;
  [[nodiscard]] std::uint64_t most() const;
  [[nodiscard]] std::uint64_t least() const;
};

}  // namespace fair
