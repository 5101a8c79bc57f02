// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace probes {
namespace {

/// Blanks between columns.
constexpr std::size_t kGap = 2;

}  // namespace

TextTable::TextTable(std::vector<std::string> heads, std::size_t left)
    : left_(left), shown_(heads.size(), true) {
  rows_.push_back(std::move(heads));
}

void TextTable::add(std::vector<std::string> cells) {
  cells.resize(rows_.front().size());
  rows_.push_back(std::move(cells));
}

std::vector<std::string> TextTable::fit(std::size_t width,
                                        std::span<const std::size_t> expendable) {
  const std::vector<std::size_t> widths = this->widths();
  std::size_t all = 0;
  for (std::size_t i = 0; i < widths.size(); ++i)
    if (shown_[i]) all += widths[i] + (all > 0 ? kGap : 0);
  std::vector<std::string> left_out;
  for (const std::size_t column : expendable) {
    if (all <= width) break;
    if (!shown_[column]) continue;
    shown_[column] = false;
    all -= widths[column] + kGap;
    left_out.push_back(rows_.front()[column]);
  }
  return left_out;
}

std::string TextTable::text() const {
  std::string text;
  for (const std::string& line : lines()) text += line + '\n';
  return text;
}

std::vector<std::string> TextTable::lines() const {
  const std::vector<std::size_t> widths = this->widths();
  std::vector<std::string> lines;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!shown_[i]) continue;
      if (!line.empty()) line.append(kGap, ' ');
      line += i < left_ ? fmt::format("{:<{}}", row[i], widths[i])
                        : fmt::format("{:>{}}", row[i], widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::size_t> TextTable::widths() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  return widths;
}

}  // namespace probes
