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
  /// Where the echo workers serve: connections, of as many, that the busiest of them was given once
  /// it had no heartbeats, and what its hang did.
  std::optional<std::uint64_t> to_silent;
  std::optional<Hang> hang;

  [[nodiscard]] std::uint64_t connections() const;
  [[nodiscard]] std::uint64_t most() const;
  [[nodiscard]] std::uint64_t least() const;
};

}  // namespace fair
