// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/selection.h"

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

namespace top {
namespace {

using Before = std::function<bool(const Row&, const Row&)>;

/// Unknown figures come last.
template <class Figure>
Before biggest_first(Figure figure) {
  return [figure](const Row& a, const Row& b) { return figure(a) > figure(b); };
}

const Holder& first_holder(const Row& row) { return row.holders.front(); }

const std::map<std::string, Before>& orders() {
  static const std::map<std::string, Before> orders{
      {"pid", [](const Row& a, const Row& b) { return first_holder(a).pid < first_holder(b).pid; }},
      {"command", [](const Row& a,
                     const Row& b) { return first_holder(a).command < first_holder(b).command; }},
      {"watches", biggest_first([](const Row& row) { return row.watches; })},
      {"callbacks", biggest_first([](const Row& row) { return row.figures.callbacks; })},
      {"wakes", biggest_first([](const Row& row) { return row.figures.wakes; })},
      {"events", biggest_first([](const Row& row) { return row.figures.events; })},
      {"events-per-wake",
       biggest_first([](const Row& row) { return events_per_wake(row.figures); })},
      {"spurious", biggest_first([](const Row& row) { return row.figures.spurious; })},
      {"overflows", biggest_first([](const Row& row) { return row.figures.overflows; })},
      {"scan", biggest_first([](const Row& row) { return row.figures.scan_ns; })},
  };
  return orders;
}

bool passes(const Holder& holder, const Selection& selection) {
  const bool pid = selection.pids.empty() ||
                   std::ranges::find(selection.pids, holder.pid) != selection.pids.end();
  return pid && holder.command.find(selection.command) != std::string::npos;
}

/// Moves the first holder that matches to the front. False if none matches.
bool put_first(Row& row, const Selection& selection) {
  const auto rest =
      std::stable_partition(row.holders.begin(), row.holders.end(),
                            [&](const Holder& holder) { return passes(holder, selection); });
  return rest != row.holders.begin();
}

bool by_place(const Row& a, const Row& b) {
  return std::tie(first_holder(a).pid, first_holder(a).fd, a.ep) <
         std::tie(first_holder(b).pid, first_holder(b).fd, b.ep);
}

}  // namespace

std::vector<std::string> sort_keys() {
  std::vector<std::string> keys;
  for (const auto& [key, order] : orders()) keys.push_back(key);
  return keys;
}

std::vector<Row> select(std::vector<Row> rows, const Selection& selection) {
  std::erase_if(rows, [&](Row& row) { return !put_first(row, selection); });
  std::ranges::sort(rows, by_place);
  std::ranges::stable_sort(rows, orders().at(selection.sort));
  return rows;
}

}  // namespace top
