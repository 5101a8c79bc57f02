// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <vector>

namespace probes {

/// Rows of cells, as wide as the widest of their column. The first `left` columns keep to the left,
/// the others to the right.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> heads, std::size_t left = 1);

  void add(std::vector<std::string> cells);

  /// Each line ends in a newline; nothing ends in blanks.
  [[nodiscard]] std::string text() const;
  /// The same by lines, heads first: for colours.
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::size_t left_;
};

}  // namespace probes
