// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "client.h"

namespace fair {

/// What was found of one arrangement.
struct Outcome {
  std::string server;  ///< "echo" or "nginx"
  std::string name;    ///< the arrangement's
  Shares shares;       ///< connections of each worker
  /// Only for echo: of as many connections again, those that the busiest worker got after its
  /// heartbeats had stopped; and what another run found while a worker hung.
  std::optional<std::uint64_t> to_silent;
  std::optional<Hang> hang;

  [[nodiscard]] std::uint64_t connections() const;
  [[nodiscard]] std::uint64_t most() const;
  [[nodiscard]] std::uint64_t least() const;
};

}  // namespace fair
