// SPDX-License-Identifier: GPL-2.0-only
#include "echo.h"

#include <algorithm>
#include <thread>

#include "server.h"

namespace fair {
namespace {

/// Returns how many connections a worker gets after its heartbeat has expired.
std::uint64_t visit_with_silent(Server& server, const EchoPlan& plan, std::size_t worker) {
  server.silence(static_cast<int>(worker) + 1);
  // The heartbeat's age is the condition itself. Twice the limit, since one heartbeat may be in
  // progress.
  std::this_thread::sleep_for(2 * plan.heartbeat);
  const Shares shares = visit(server, plan.connections);
  server.silence(0);
  return shares[worker];
}

}  // namespace

Outcome serve_echo(const Arrangement& arrangement, const EchoPlan& plan) {
  Server server(arrangement, {.workers = plan.workers,
                              .hang = plan.hang,
                              .heartbeat = plan.heartbeat,
                              .program = plan.program});
  Outcome outcome{.server = "echo",
                  .name = arrangement.name,
                  .shares = visit(server, plan.connections),
                  .to_silent = {},
                  .hang = {}};
  const auto busiest = std::ranges::max_element(outcome.shares) - outcome.shares.begin();
  outcome.to_silent = visit_with_silent(server, plan, static_cast<std::size_t>(busiest));
  outcome.hang = visit_while_one_hangs(server, plan.regulars, plan.hang);
  return outcome;
}

}  // namespace fair
