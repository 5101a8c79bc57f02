// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "probes/bpf/top.h"
#include "probes/top/observation.h"
#include "probes/top/worker.h"

namespace top {

/// Turns cumulative counts of workers into differences since the last observation.
class WorkerLedger {
 public:
  std::vector<Worker> workers(const Observation& observation);

 private:
  struct Account {
    std::uint64_t events = 0;
    std::uint64_t deliveries = 0;
    std::uint64_t away_ns = 0;
  };
  using Key = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::uint32_t>;

  static Key key_of(const top_worker_key& key);

  std::map<Key, Account> accounts_;  ///< of the last observation
  std::uint64_t last_ns_ = 0;
};

}  // namespace top
