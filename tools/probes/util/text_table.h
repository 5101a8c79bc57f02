// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace probes {

/// Rows of cells, as wide as the widest of their column. The first `left` columns keep to the left,
/// the others to the right.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> heads, std::size_t left = 1);

  void add(std::vector<std::string> cells);

  /// Leaves out columns of those named, in that order, until the lines are at most so wide or none
  /// is left to leave out. Returns the heads of those that it left out.
  std::vector<std::string> fit(std::size_t width, std::span<const std::size_t> expendable);

  /// Each line ends in a newline; nothing ends in blanks.
  [[nodiscard]] std::string text() const;
  /// The same by lines, heads first: for colours.
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  [[nodiscard]] std::vector<std::size_t> widths() const;

  std::vector<std::vector<std::string>> rows_;
  std::size_t left_;
  std::vector<bool> shown_;  ///< by column
};

}  // namespace probes
