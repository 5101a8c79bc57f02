// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "server.h"

namespace fair {

/// Opens connections one at a time, each after the previous one was answered. Returns how many each
/// worker accepted.
Shares visit(const Server& server, int connections);

/// The requests that clients sent while a worker was hung.
struct Hang {
  std::uint64_t requests = 0;  ///< sent in the first half of the hang
  std::uint64_t waited = 0;    ///< of these, unanswered until the hang ended
};

/// Opens connections that stay open. The worker that has most of them then hangs for the given
/// time. Meanwhile each connection sends a request, and so do as many new ones.
Hang visit_while_one_hangs(const Server& server, int connections, std::chrono::nanoseconds hang);

}  // namespace fair
