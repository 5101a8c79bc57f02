// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/table.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <optional>
#include <vector>

#include "tools/util/text_table.h"

namespace top {
namespace {

constexpr std::size_t kLeft = 2;

/// Column indices.
enum Column : std::size_t {
  kCommand,
  kKind,
  kPid,
  kFd,
  kWatches,
  kCallbacks,
  kWakes,
  kEvents,
  kEventsPerWake,
  kSpurious,
  kOverflows,
  kScan,
};

/// The columns that a narrow terminal drops, in this order.
constexpr std::array kExpendable{kOverflows, kScan, kSpurious, kEventsPerWake, kCallbacks, kWatches,
                                 kWakes,     kFd,   kKind,     kEvents,        kPid};

Column column_of(const std::string& sort) {
  static const std::map<std::string, Column> columns{{"pid", kPid},
                                                     {"command", kCommand},
                                                     {"watches", kWatches},
                                                     {"wakes", kWakes},
                                                     {"events", kEvents},
                                                     {"callbacks", kCallbacks},
                                                     {"spurious", kSpurious},
                                                     {"scan", kScan},
                                                     {"events-per-wake", kEventsPerWake},
                                                     {"overflows", kOverflows}};
  return columns.at(sort);
}

std::vector<std::size_t> expendable_but(Column kept) {
  std::vector<std::size_t> columns(kExpendable.begin(), kExpendable.end());
  std::erase(columns, kept);
  return columns;
}

std::string or_dash(const std::optional<std::uint64_t>& value) {
  return value ? std::to_string(*value) : "-";
}

std::string ratio_or_dash(const std::optional<double>& value) {
  return value ? fmt::format("{:.2f}", *value) : "-";
}

std::string microseconds_or_dash(const std::optional<std::uint64_t>& ns) {
  return ns ? fmt::format("{:.1f}", static_cast<double>(*ns) / 1000) : "-";
}

xpoll::TextTable empty_table() {
  return xpoll::TextTable(
      xpoll::columns_of({"COMMAND", "KIND", "PID", "FD", "WATCHES", "CALLBACKS/s", "WAKES/s",
                         "EVENTS/s", "EVENTS/WAKE", "SPURIOUS", "OVERFLOWS", "SCAN us"},
                        kLeft));
}

using Cells = std::vector<std::string>;

void add(xpoll::TextTable& table, Cells cells, const Figures& figures, double seconds) {
  for (const std::uint64_t count : {figures.callbacks, figures.wakes, figures.events})
    cells.push_back(fmt::format("{:.1f}", static_cast<double>(count) / seconds));
  cells.push_back(ratio_or_dash(events_per_wake(figures)));
  cells.push_back(or_dash(figures.spurious));
  cells.push_back(std::to_string(figures.overflows));
  cells.push_back(microseconds_or_dash(figures.scan_ns));
  table.add(std::move(cells));
}

/// The first holder's command; other holders are only counted.
std::string command_of(const Row& row) {
  const std::size_t others = row.holders.size() - 1;
  const std::string& command = row.holders.front().command;
  return others ? fmt::format("{} +{}", command, others) : command;
}

void add(xpoll::TextTable& table, const Row& row, double seconds) {
  const Holder& holder = row.holders.front();
  add(table,
      {command_of(row), kind_name(row.kind), std::to_string(holder.pid),
       row.closed ? "closed" : std::to_string(holder.fd), or_dash(row.watches)},
      row.figures, seconds);
}

void add(xpoll::TextTable& table, const Sums& sums, const Watched& watched, double seconds) {
  for (const top_kind kind : {TOP_NATIVE, TOP_XPOLL}) {
    if (!watched[kind]) continue;
    const std::uint64_t instances = sums[kind].instances;
    const std::string title = fmt::format("({} instance{})", instances, instances == 1 ? "" : "s");
    add(table, {title, kind_name(kind), "", "", ""}, sums[kind].figures, seconds);
  }
}

void add(std::vector<std::string>& remarks, const char* what, std::uint64_t count) {
  if (count) remarks.push_back(fmt::format("{}: {}", what, count));
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

xpoll::TextTable table_of(const Interval& interval, const Sums& sums, const Watched& watched) {
  xpoll::TextTable table = empty_table();
  for (const Row& row : interval.rows) add(table, row, interval.seconds);
  add(table, sums, watched, interval.seconds);
  return table;
}

}  // namespace

std::vector<std::string> remarks_of(const Sums& sums, const Lost& lost) {
  std::uint64_t under_way = 0;
  for (const KindSum& sum : sums) under_way += sum.figures.waits_under_way;
  std::vector<std::string> remarks;
  add(remarks, "waits under way when xpoll-top began (CAVEATS in xpoll-top(1))", under_way);
  add(remarks, "not counted, the probe running already: hits", lost.hits.value_or(0));
  add(remarks, "not counted, too many: instances", lost.full.instances);
  add(remarks, "not counted, too many threads: waits", lost.full.waits);
  add(remarks, "not counted, too many workers: waits", lost.full.workers);
  add(remarks, "not counted, too many histograms: values", lost.full.histograms);
  add(remarks, "not counted, too many at once: closed instances", lost.full.closed);
  return remarks;
}

std::string table(const Interval& interval, const Watched& watched) {
  const Sums sums = sums_of(interval.rows);
  return table_of(interval, sums, watched).text() + text_of(remarks_of(sums, interval.lost));
}

std::string table(const Total& total, const Watched& watched, std::size_t width) {
  xpoll::TextTable table = empty_table();
  add(table, total.sums, watched, total.seconds);
  table.fit(width, expendable_but(kCommand));
  return fmt::format("In all {:.1f} s:\n", total.seconds) + table.text() +
         text_of(remarks_of(total.sums, total.lost));
}

Parts parts_of(const Interval& interval, const Watched& watched, const std::string& sort,
               std::size_t width) {
  const Sums sums = sums_of(interval.rows);
  xpoll::TextTable table = table_of(interval, sums, watched);
  Parts parts;
  parts.left_out = table.fit(width, expendable_but(column_of(sort)));
  std::vector<std::string> lines = table.lines();
  const auto rows = lines.begin() + 1;
  const auto end_of_rows = rows + static_cast<std::ptrdiff_t>(interval.rows.size());
  parts.header = lines.front();
  parts.rows.assign(rows, end_of_rows);
  parts.sums.assign(end_of_rows, lines.end());
  parts.remarks = remarks_of(sums, interval.lost);
  return parts;
}

}  // namespace top
