// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "probes/top/selection.h"
#include "probes/top/table.h"
#include "probes/top/worker_table.h"
#include "probes/util/wrapped.h"

namespace top {
namespace {

std::vector<Line> lines_of(const std::vector<std::string>& texts, Style style, std::size_t width) {
  std::vector<Line> lines;
  for (const std::string& text : texts)
    for (std::string& line : probes::wrapped_lines(text, width))
      lines.push_back({std::move(line), style});
  return lines;
}

void append(std::vector<Line>& lines, const std::vector<Line>& more) {
  lines.insert(lines.end(), more.begin(), more.end());
}

/// Fits the lines into the screen, with the footer in the last row.
std::vector<Line> framed(std::vector<Line> lines, std::string footer, const Size& size) {
  lines.resize(size.rows - 1);
  footer.resize(std::max(footer.size(), size.columns), ' ');
  lines.push_back({std::move(footer), Style::reverse});
  for (Line& line : lines) line.text.resize(std::min(line.text.size(), size.columns));
  return lines;
}

std::string footer_of(const View& view, const std::vector<std::string>& left_out) {
  if (left_out.empty()) return view.footer();
  return fmt::format("{}  no room for {}", view.footer(), fmt::join(left_out, ", "));
}

/// Drops the earliest parts until the rest leaves room for `needed` lines.
void drop_until_room(const std::vector<std::vector<Line>*>& parts, std::size_t needed,
                     std::size_t room) {
  for (std::vector<Line>* part : parts) needed += part->size();
  for (std::vector<Line>* part : parts) {
    if (needed <= room) return;
    needed -= part->size();
    part->clear();
  }
}

std::vector<Line> plain(const std::vector<std::string>& texts) {
  std::vector<Line> lines;
  for (const std::string& text : texts) lines.push_back({text, Style::plain});
  return lines;
}

std::size_t room_beside(std::size_t others, std::size_t rows) {
  return rows > others ? rows - others : 0;
}

/// Shortens to `most` rows, the last of which states how many are hidden.
void shorten(std::vector<Line>& rows, std::size_t most, const char* what) {
  if (rows.size() <= most) return;
  const std::size_t shown = most > 0 ? most - 1 : 0;
  const std::size_t others = rows.size() - shown;
  rows.resize(most);
  if (most > 0) rows.back() = {fmt::format("({} more {})", others, what), Style::dim};
}

Parts parts_of(const Interval& interval, const Watched& watched, const View& view,
               std::size_t columns) {
  if (view.workers()) return worker_parts_of(interval, columns);
  return parts_of(interval, watched, view.selection().sort, columns);
}

}  // namespace

std::vector<Line> page(const Interval& interval, const Watched& watched,
                       const std::vector<std::string>& notes, const View& view, const Size& size) {
  Interval selected = interval;
  selected.rows = select(std::move(selected.rows), view.selection());
  const Parts parts = parts_of(selected, watched, view, size.columns);
  std::vector<Line> above = lines_of(notes, Style::dim, size.columns);
  std::vector<Line> below = lines_of(parts.remarks, Style::plain, size.columns);
  std::vector<Line> sums = plain(parts.sums);
  std::vector<Line> rows = plain(parts.rows);
  constexpr std::size_t kOthers = 2;  // header and footer
  constexpr std::size_t kFewRows = 5;
  drop_until_room({&above, &below, &sums}, kOthers + std::min(rows.size(), kFewRows), size.rows);
  shorten(rows, room_beside(kOthers + above.size() + below.size() + sums.size(), size.rows),
          view.workers() ? "workers" : "instances");

  std::vector<Line> lines = std::move(above);
  lines.push_back({parts.header, Style::bold});
  append(lines, rows);
  append(lines, sums);
  append(lines, below);
  return framed(std::move(lines), footer_of(view, parts.left_out), size);
}

std::vector<Line> page(const std::string& message, const std::string& footer, const Size& size) {
  return framed({{message, Style::plain}}, footer, size);
}

}  // namespace top
