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
  std::size_t width = 0;  // at least
};

inline Column left(std::string head = "", std::size_t width = 0) {
  return {std::move(head), Align::kLeft, width};
}

inline Column right(std::string head = "", std::size_t width = 0) {
  return {std::move(head), Align::kRight, width};
}

/** The first `left` columns keep to the left, the others to the right. */
std::vector<Column> columns_of(const std::vector<std::string>& heads, std::size_t left = 1);

/** Rows of cells, each column as wide as its widest cell. A table without heads has no line of
 * them. */
class TextTable final {
 public:
  /** The gap: blanks between columns; from right to left at least two, where cells would meet. */
  explicit TextTable(std::vector<Column> columns, std::size_t gap = 2);

  /** Cells that are missing at the end are empty. */
  void add(std::vector<std::string> cells);
  [[nodiscard]] bool empty() const { return rows_.size() == 1; }

  /**
   * Leaves out columns of those named, in that order, until the lines are at most so wide or none
   * is left to leave out. Returns the heads of those that it left out.
   */
  std::vector<std::string> fit(std::size_t width, std::span<const std::size_t> expendable);

  /** Each line ends in a newline; nothing ends in blanks. */
  [[nodiscard]] std::string text() const;
  /** The same by lines, heads first: for colours. */
  [[nodiscard]] std::vector<std::string> lines() const;
  /** The same in Markdown that can be read as it is. */
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
  std::vector<Row> rows_;  // the heads first
};

}  // namespace xpoll
