// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "probes/bpf/top.h"
#include "probes/top/observation.h"
#include "probes/top/row.h"

namespace top {

/// Which of the figures that not every kernel gives can be had of a kind.
struct Known {
  bool spurious = true;
  bool scan = true;
};

/// How many watches an xpoll instance had before its additions and removals were observed; empty if
/// that can't be said now.
using WatchesBefore = std::function<std::optional<std::int64_t>(const top_instance&)>;

/// Turns counts that only grow into what happened since the last observation.
class Ledger {
 public:
  Ledger(const std::array<Known, TOP_KINDS>& known, WatchesBefore watches_before);

  std::vector<Row> rows(const Observation& observation);

 private:
  struct Account {
    top_counts counted{};
    std::vector<Holder> holders;
    /// To be added to the difference that is observed; empty while not known.
    std::optional<std::int64_t> watches_before;
    std::uint64_t seen = 0;
  };
  /// An address may be used again.
  using Key = std::pair<std::uint64_t, std::uint64_t>;
  using HoldersOf = std::map<std::uint64_t, std::vector<top_holder>>;

  static Key key_of(const top_instance& instance);
  Row row_of(const top_instance& instance, Account& account) const;
  Row open_row(const top_instance& instance, const HoldersOf& holders);
  Row closed_row(const top_instance& instance);
  void forget_gone();

  std::array<Known, TOP_KINDS> known_;
  WatchesBefore watches_before_;
  std::map<Key, Account> accounts_;
  std::uint64_t turn_ = 0;
};

}  // namespace top
