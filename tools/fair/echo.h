// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>

#include "arrangement.h"
#include "outcome.h"

namespace fair {

struct EchoPlan {
  int workers = 8;
  int connections = 10'000;
  int regulars = 50;  ///< connections that stay open
  std::chrono::nanoseconds hang = std::chrono::seconds(1);
  std::chrono::nanoseconds heartbeat = std::chrono::seconds(1);
  int program = -1;  ///< for XPOLL_WAKE_BPF
};

/// Runs the arrangement with the echo workers of this program.
Outcome serve_echo(const Arrangement& arrangement, const EchoPlan& plan);

}  // namespace fair
