// SPDX-License-Identifier: GPL-2.0-only
#include "text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace xpoll {

std::vector<Column> columns_of(const std::vector<std::string>& heads, std::size_t left) {
  std::vector<Column> columns;
  for (const std::string& head : heads)
    columns.push_back({head, columns.size() < left ? Align::kLeft : Align::kRight});
  return columns;
}

TextTable::TextTable(std::vector<Column> columns, std::size_t gap)
    : columns_(std::move(columns)), shown_(columns_.size()), gap_(gap) {
  std::iota(shown_.begin(), shown_.end(), 0);
  Row& heads = rows_.emplace_back();
  for (const Column& column : columns_) heads.push_back(column.head);
}

void TextTable::add(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

std::vector<std::string> TextTable::fit(std::size_t width,
                                        std::span<const std::size_t> expendable) {
  const Widths widths = this->widths();
  std::vector<std::string> left_out;
  for (const std::size_t column : expendable) {
    if (line(rows_.front(), widths).size() <= width) break;
    if (std::erase(shown_, column) > 0) left_out.push_back(columns_[column].head);
  }
  return left_out;
}

std::string TextTable::text() const {
  std::string text;
  for (const std::string& line : lines()) text += line + '\n';
  return text;
}

std::vector<std::string> TextTable::lines() const {
  const Widths widths = this->widths();
  const bool has_heads =
      std::ranges::any_of(rows_.front(), [](const std::string& head) { return !head.empty(); });
  std::vector<std::string> lines;
  for (const Row& row : std::span(rows_).subspan(has_heads ? 0 : 1)) {
    std::string& line = lines.emplace_back(this->line(row, widths));
    line.erase(line.find_last_not_of(' ') + 1);
  }
  return lines;
}

std::string TextTable::markdown() const {
  const Widths widths = this->widths();
  std::string text;
  std::string rule = "|";
  for (const std::size_t i : shown_)
    rule += std::string(widths[i] + 1, '-') + (columns_[i].align == Align::kLeft ? "-|" : ":|");
  for (const Row& row : rows_) {
    text += '|';
    for (const std::size_t i : shown_) text += fmt::format(" {} |", cell(row, i, widths));
    text += &row == &rows_.front() ? '\n' + rule + '\n' : "\n";
  }
  return text;
}

TextTable::Widths TextTable::widths() const {
  Widths widths;
  for (const Column& column : columns_) {
    std::size_t width = column.width;
    for (const Row& row : rows_) width = std::max(width, row[widths.size()].size());
    widths.push_back(width);
  }
  return widths;
}

std::string TextTable::cell(const Row& row, std::size_t column, const Widths& widths) const {
  return columns_[column].align == Align::kLeft
             ? fmt::format("{:<{}}", row[column], widths[column])
             : fmt::format("{:>{}}", row[column], widths[column]);
}

std::string TextTable::line(const Row& row, const Widths& widths) const {
  std::string line;
  const Column* before = nullptr;
  for (const std::size_t i : shown_) {
    const bool meet = before && before->align == Align::kRight && columns_[i].align == Align::kLeft;
    if (before) line.append(meet ? std::max(gap_, kMeetingGap) : gap_, ' ');
    line += cell(row, i, widths);
    before = &columns_[i];
  }
  return line;
}

}  // namespace xpoll
