// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/worker_table.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "probes/top/worker.h"
#include "tools/util/text_table.h"

namespace top {
namespace {

constexpr std::size_t kLeft = 2;

/// The columns that a narrow terminal drops, in this order.
constexpr std::array<std::size_t, 5> kExpendable{2, 1, 4, 5, 8};

std::string percent(double part) { return fmt::format("{:.1f}", 100 * part); }

std::string percent_or_dash(const std::optional<double>& part) {
  return part ? percent(*part) : "-";
}

std::string command_of(const Worker& worker) {
  return worker.ended ? worker.command + " (ended)" : worker.command;
}

std::vector<std::string> cells_of(const Worker& worker, const Group& group, std::size_t number,
                                  double seconds) {
  constexpr double kNsPerSecond = 1e9;
  constexpr double kNsPerMs = 1e6;
  return {command_of(worker),
          kind_name(group.kind),
          std::to_string(worker.pid),
          std::to_string(worker.tid),
          std::to_string(number),
          fmt::format("{:.1f}", static_cast<double>(worker.events) / seconds),
          percent_or_dash(group.share(worker)),
          percent(static_cast<double>(worker.away_ns) / kNsPerSecond / seconds),
          fmt::format("{:.1f}", static_cast<double>(worker.longest_away_ns) / kNsPerMs)};
}

/// What the group's members share.
std::string reason_of(const Group& group) {
  const Worker& worker = group.workers.front();
  switch (group.common) {
    case Common::file:
      return fmt::format("file {:x}:{}", worker.file->device, worker.file->inode);
    case Common::instance:
      return fmt::format("instance {:#x}", worker.ep);
    case Common::program:
      return "program";
  }
  return "";
}

std::string line_of(const Group& group, std::size_t number) {
  const auto ratio = group.max_min();
  return fmt::format("group {} ({}): {} workers, max:min {} ({} to {} events)", number,
                     reason_of(group), group.workers.size(),
                     ratio ? fmt::format("{:.2f}", *ratio) : "-", group.most(), group.least());
}

}  // namespace

std::string worker_table(const Interval& interval) {
  const Parts parts = worker_parts_of(interval, SIZE_MAX);
  std::string text = parts.header + '\n';
  for (const auto* lines : {&parts.rows, &parts.sums, &parts.remarks})
    for (const std::string& line : *lines) text += line + '\n';
  return text;
}

Parts worker_parts_of(const Interval& interval, std::size_t width) {
  xpoll::TextTable table(xpoll::columns_of(
      {"COMMAND", "KIND", "PID", "TID", "GROUP", "EVENTS/s", "SHARE %", "AWAY %", "LONGEST ms"},
      kLeft));
  Parts parts;
  std::size_t number = 0;
  for (const Group& group : groups_of(interval.rows, interval.workers)) {
    ++number;
    for (const Worker& worker : group.workers)
      table.add(cells_of(worker, group, number, interval.seconds));
    if (group.workers.size() > 1) parts.sums.push_back(line_of(group, number));
  }
  parts.left_out = table.fit(width, kExpendable);
  parts.rows = table.lines();
  parts.header = parts.rows.front();
  parts.rows.erase(parts.rows.begin());
  parts.remarks = remarks_of(sums_of(interval.rows), interval.lost);
  return parts;
}

}  // namespace top
