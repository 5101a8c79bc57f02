// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "server.h"

namespace fair {

/// Opens connections, one at a time: each is answered before the next one. Returns how many each
/// worker accepted.
Shares visit(const Server& server, int connections);

/// The requests that clients sent while a worker hung.
struct Hang {
  std::uint64_t requests = 0;  ///< sent in the first half of the time that it hung
  std::uint64_t waited = 0;    ///< of these, not answered until it was over
};

/// Opens connections that stay open. Then the worker that has most of them hangs, for the time
/// given, and meanwhile each connection, and as many new ones, send a request.
Hang visit_while_one_hangs(const Server& server, int connections, std::chrono::nanoseconds hang);

}  // namespace fair
