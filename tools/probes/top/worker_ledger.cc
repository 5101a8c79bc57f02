// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/worker_ledger.h"

#include <algorithm>
#include <utility>

namespace top {
namespace {

bool is_away(const WorkerSeen& seen) { return seen.worker.away_ns < 0; }

std::uint64_t since(std::uint64_t begin, std::uint64_t now) {
  return now > begin ? now - begin : 0;
}

/// All its absences up to now. The end of a thread is not timed, so its last absence does not
/// count.
std::uint64_t away_until(std::uint64_t now, const WorkerSeen& seen) {
  const auto sum = static_cast<std::uint64_t>(seen.worker.away_ns);
  if (!is_away(seen)) return sum;
  const std::uint64_t left = seen.worker.left;
  return sum + (seen.gone ? left : std::max(now, left));
}

std::uint64_t longest(const WorkerSeen& seen, const Observation& observation) {
  const std::uint64_t ended = seen.worker.turn == observation.turn ? seen.worker.longest_ns : 0;
  if (!is_away(seen) || seen.gone) return ended;
  return std::max(ended, since(seen.worker.left, observation.ns));
}

Worker worker_of(const WorkerSeen& seen) {
  Worker worker;
  worker.ep = seen.key.ep;
  worker.instance_since = seen.key.instance_since;
  worker.tid = static_cast<pid_t>(seen.key.tid);
  worker.pid = static_cast<pid_t>(seen.worker.pid);
  worker.parent = static_cast<pid_t>(seen.worker.parent);
  worker.command = seen.worker.command;
  worker.ended = seen.gone;
  return worker;
}

}  // namespace

std::vector<Worker> WorkerLedger::workers(const Observation& observation) {
  const auto before = std::exchange(accounts_, {});
  const std::uint64_t span = since(std::exchange(last_ns_, observation.ns), observation.ns);
  std::vector<Worker> workers;
  for (const WorkerSeen& seen : observation.workers) {
    const auto found = before.find(key_of(seen.key));
    const Account last = found == before.end() ? Account{} : found->second;
    Worker& worker = workers.emplace_back(worker_of(seen));
    worker.events = seen.worker.events - last.events;
    worker.deliveries = seen.worker.deliveries - last.deliveries;
    // Time away after the clock was read belongs to the next interval.
    worker.away_ns = std::min(since(last.away_ns, away_until(observation.ns, seen)), span);
    worker.longest_away_ns = longest(seen, observation);
    if (!seen.gone)
      accounts_.emplace(key_of(seen.key), Account{seen.worker.events, seen.worker.deliveries,
                                                  last.away_ns + worker.away_ns});
  }
  return workers;
}

WorkerLedger::Key WorkerLedger::key_of(const top_worker_key& key) {
  return {key.ep, key.instance_since, key.thread_since, key.tid};
}

}  // namespace top
