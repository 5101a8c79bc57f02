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

/// Which kernel-dependent figures are available for a kind.
struct Known {
  bool spurious = true;
  bool scan = true;
};

/// The number of watches that an xpoll instance had before its additions and removals were counted;
/// empty if not available now.
using WatchesBefore = std::function<std::optional<std::int64_t>(const top_instance&)>;

/// Turns cumulative counts into differences since the last observation.
class Ledger {
 public:
  Ledger(const std::array<Known, TOP_KINDS>& known, WatchesBefore watches_before);

  std::vector<Row> rows(const Observation& observation);

 private:
  struct Account {
    top_counts counted{};
    std::vector<Holder> holders;
    /// Added to the counted difference; empty if not known yet.
    std::optional<std::int64_t> watches_before;
    std::uint64_t seen = 0;
  };
  /// A key of address and seen_since, because an address may be reused.
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
