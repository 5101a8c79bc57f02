// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/ledger.h"

#include <set>
#include <utility>

namespace top {
namespace {

top_kind kind_of(const top_instance& instance) { return static_cast<top_kind>(instance.kind); }

Holder maker(const top_instance& instance) {
  return {static_cast<pid_t>(instance.pid), instance.fd, instance.command};
}

Figures difference(const top_counts& now, const top_counts& before, const Known& known) {
  Figures figures;
  figures.callbacks = now.callbacks - before.callbacks;
  figures.wakes = now.wakes - before.wakes;
  figures.events = now.events - before.events;
  figures.overflows = now.overflows - before.overflows;
  figures.spurious.reset();
  if (known.spurious) figures.spurious = now.spurious - before.spurious;
  figures.scan_ns.reset();
  if (known.scan) figures.scan_ns = now.scan_ns - before.scan_ns;
  figures.waits_under_way = now.waits_under_way - before.waits_under_way;
  return figures;
}

std::vector<Holder> holders_from(const std::vector<top_holder>& found) {
  std::vector<Holder> holders;
  for (const top_holder& holder : found)
    holders.push_back({static_cast<pid_t>(holder.pid), holder.fd, holder.command});
  return holders;
}

}  // namespace

Ledger::Ledger(const std::array<Known, TOP_KINDS>& known, WatchesBefore watches_before)
    : known_(known), watches_before_(std::move(watches_before)) {}

std::vector<Row> Ledger::rows(const Observation& observation) {
  ++turn_;
  HoldersOf holders;
  for (const top_holder& holder : observation.holders) holders[holder.ep].push_back(holder);
  std::vector<Row> rows;
  std::set<Key> closed;
  for (const top_instance& instance : observation.closed) {
    rows.push_back(closed_row(instance));
    closed.insert(key_of(instance));
  }
  // An instance that is reported as closed may have been read as open a moment earlier.
  for (const top_instance& instance : observation.open)
    if (!closed.contains(key_of(instance))) rows.push_back(open_row(instance, holders));
  forget_gone();
  return rows;
}

Ledger::Key Ledger::key_of(const top_instance& instance) {
  return {instance.ep, instance.seen_since};
}

Row Ledger::row_of(const top_instance& instance, Account& account) const {
  Row row;
  row.kind = kind_of(instance);
  row.ep = instance.ep;
  row.seen_since = instance.seen_since;
  row.figures = difference(instance.counts, account.counted, known_[row.kind]);
  row.holders = account.holders;
  account.counted = instance.counts;
  return row;
}

Row Ledger::open_row(const top_instance& instance, const HoldersOf& holders) {
  const auto [at, added] = accounts_.try_emplace(key_of(instance));
  Account& account = at->second;
  account.seen = turn_;
  const auto found = holders.find(instance.ep);
  if (found != holders.end())
    account.holders = holders_from(found->second);
  else if (added)
    account.holders = {maker(instance)};
  if (kind_of(instance) == TOP_XPOLL && !account.watches_before)
    account.watches_before =
        instance.found ? watches_before_(instance) : std::optional<std::int64_t>{0};

  Row row = row_of(instance, account);
  row.fresh = added;
  if (row.kind == TOP_XPOLL && account.watches_before)
    row.watches = *account.watches_before + instance.counts.watches;
  else if (row.kind == TOP_NATIVE && found != holders.end() && found->second.front().watches >= 0)
    row.watches = found->second.front().watches;
  return row;
}

Row Ledger::closed_row(const top_instance& instance) {
  auto [at, added] = accounts_.try_emplace(key_of(instance));
  if (added) at->second.holders = {maker(instance)};
  Row row = row_of(instance, at->second);
  row.fresh = added;
  row.closed = true;
  accounts_.erase(at);
  return row;
}

/// An instance that is no longer open is reported as closed next time, unless that record was lost.
void Ledger::forget_gone() {
  std::erase_if(accounts_, [this](const auto& entry) { return entry.second.seen + 1 < turn_; });
}

}  // namespace top
