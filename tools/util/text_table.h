// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace xpoll {

enum class Align { kLeft, kRight };

struct Column {
  std::string head;
  Align align = Align::kLeft;
  std::size_t width = 0;  // minimum width
};

inline Column left(std::string head = "", std::size_t width = 0) {
  return {std::move(head), Align::kLeft, width};
}

inline Column right(std::string head = "", std::size_t width = 0) {
  return {std::move(head), Align::kRight, width};
}

/** Columns with these headings: the first `left` are left-aligned, the others right-aligned. */
std::vector<Column> columns_of(const std::vector<std::string>& heads, std::size_t left = 1);

/** Rows of cells, each column as wide as its widest cell. A table without headings has no heading
 * line. */
class TextTable final {
 public:
  /** `gap` is the number of blanks between columns. A left-aligned column after a right-aligned one
   * gets at least two. */
  explicit TextTable(std::vector<Column> columns, std::size_t gap = 2);

  /** Missing cells at the end are empty. */
  void add(std::vector<std::string> cells);
  [[nodiscard]] bool empty() const { return rows_.size() == 1; }

  /**
   * Drops the named columns, in that order, until the lines are at most `width` wide or none is
   * left to drop. Returns the headings of the dropped columns.
   */
  std::vector<std::string> fit(std::size_t width, std::span<const std::size_t> expendable);

  /** Each line ends with a newline and has no trailing blanks. */
  [[nodiscard]] std::string text() const;
  /** The same as a list of lines, headings first, for example for colours. */
  [[nodiscard]] std::vector<std::string> lines() const;
  /** The same as Markdown that is readable as plain text. */
  [[nodiscard]] std::string markdown() const;

 private:
  using Row = std::vector<std::string>;
  using Widths = std::vector<std::size_t>;

  static constexpr std::size_t kMeetingGap = 2;

  [[nodiscard]] Widths widths() const;
  [[nodiscard]] std::string cell(const Row& row, std::size_t column, const Widths& widths) const;
  [[nodiscard]] std::string line(const Row& row, const Widths& widths) const;

  std::vector<Column> columns_;
  std::vector<std::size_t> shown_;  // columns
  std::size_t gap_;
  std::vector<Row> rows_;  // the headings first
};

}  // namespace xpoll
