// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "probes/util/text_table.h"

namespace top {
namespace {

constexpr std::size_t kLeft = 2;

std::string or_dash(const std::optional<std::uint64_t>& value) {
  return value ? std::to_string(*value) : "-";
}

std::string ratio_or_dash(const std::optional<double>& value) {
  return value ? fmt::format("{:.2f}", *value) : "-";
}

std::string microseconds_or_dash(const std::optional<std::uint64_t>& ns) {
  return ns ? fmt::format("{:.1f}", static_cast<double>(*ns) / 1000) : "-";
}

probes::TextTable empty_table() {
  return probes::TextTable({"COMMAND", "KIND", "PID", "FD", "WATCHES", "CALLBACKS/s", "WAKES/s",
                            "EVENTS/s", "EVENTS/WAKE", "SPURIOUS", "OVERFLOWS", "SCAN us"},
                           kLeft);
}

using Cells = std::vector<std::string>;

void add(probes::TextTable& table, Cells cells, const Figures& figures, double seconds) {
  for (const std::uint64_t count : {figures.callbacks, figures.wakes, figures.events})
    cells.push_back(fmt::format("{:.1f}", static_cast<double>(count) / seconds));
  cells.push_back(ratio_or_dash(events_per_wake(figures)));
  cells.push_back(or_dash(figures.spurious));
  cells.push_back(std::to_string(figures.overflows));
  cells.push_back(microseconds_or_dash(figures.scan_ns));
  table.add(std::move(cells));
}

/// Others that hold it too are only counted.
std::string command_of(const Row& row) {
  const std::size_t others = row.holders.size() - 1;
  const std::string& command = row.holders.front().command;
  return others ? fmt::format("{} +{}", command, others) : command;
}

void add(probes::TextTable& table, const Row& row, double seconds) {
  const Holder& holder = row.holders.front();
  add(table,
      {command_of(row), kind_name(row.kind), std::to_string(holder.pid),
       row.closed ? "closed" : std::to_string(holder.fd), or_dash(row.watches)},
      row.figures, seconds);
}

void add(probes::TextTable& table, const Sums& sums, const Watched& watched, double seconds) {
  for (const top_kind kind : {TOP_NATIVE, TOP_XPOLL}) {
    if (!watched[kind]) continue;
    const std::uint64_t instances = sums[kind].instances;
    const std::string title = fmt::format("({} instance{})", instances, instances == 1 ? "" : "s");
    add(table, {title, kind_name(kind), "", "", ""}, sums[kind].figures, seconds);
  }
}

std::string remark(const char* what, std::uint64_t count) {
  return count ? fmt::format("{}: {}\n", what, count) : "";
}

/// What the figures leave out.
std::string remarks(const Sums& sums, const Lost& lost) {
  std::uint64_t under_way = 0;
  for (const KindSum& sum : sums) under_way += sum.figures.waits_under_way;
  return remark("waits under way when xpoll-top began (CAVEATS in xpoll-top(1))", under_way) +
         remark("not counted, the probe running already: hits", lost.hits.value_or(0)) +
         remark("not counted, too many: instances", lost.full.instances) +
         remark("not counted, too many threads: waits", lost.full.waits) +
         remark("not counted, too many at once: closed instances", lost.full.closed);
}

}  // namespace

std::string table(const Interval& interval, const Watched& watched, std::size_t most) {
  probes::TextTable table = empty_table();
  const std::size_t shown = std::min(most, interval.rows.size());
  for (std::size_t i = 0; i < shown; ++i) add(table, interval.rows[i], interval.seconds);
  const Sums sums = sums_of(interval.rows);
  add(table, sums, watched, interval.seconds);
  return table.text() + remark("more instances", interval.rows.size() - shown) +
         remarks(sums, interval.lost);
}

std::string table(const Total& total, const Watched& watched) {
  probes::TextTable table = empty_table();
  add(table, total.sums, watched, total.seconds);
  return fmt::format("In all {:.1f} s:\n", total.seconds) + table.text() +
         remarks(total.sums, total.lost);
}

}  // namespace top
