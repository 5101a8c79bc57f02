// SPDX-License-Identifier: GPL-2.0-only
#include "text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <locale>

namespace bench_report {
namespace {

/// Digits in groups of three, whatever the user's locale.
struct Thousands : std::numpunct<char> {
  char do_thousands_sep() const override { return ','; }
  std::string do_grouping() const override { return "\3"; }
};

std::vector<std::size_t> column_widths(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], row[column].size());
    }
  }
  return widths;
}

std::string rule(const std::vector<std::size_t>& widths, std::size_t left_columns) {
  std::string line = "|";
  for (std::size_t column = 0; column < widths.size(); ++column) {
    line += std::string(widths[column] + 1, '-') + (column < left_columns ? "-|" : ":|");
  }
  return line + "\n";
}

}  // namespace

std::string to_markdown(const std::vector<std::vector<std::string>>& rows,
                        std::size_t left_columns) {
  const std::vector<std::size_t> widths = column_widths(rows);
  std::string table;
  for (std::size_t number = 0; number < rows.size(); ++number) {
    table += "|";
    for (std::size_t column = 0; column < rows[number].size(); ++column) {
      const std::string& cell = rows[number][column];
      table += column < left_columns ? fmt::format(" {:<{}} |", cell, widths[column])
                                     : fmt::format(" {:>{}} |", cell, widths[column]);
    }
    table += "\n";
    if (number == 0) table += rule(widths, left_columns);
  }
  return table;
}

std::string format_figure(double figure) {
  constexpr double kSmall = 10;
  constexpr double kWithoutDecimals = 10'000;
  static const std::locale grouped(std::locale::classic(), new Thousands);
  if (figure < kSmall) return fmt::format("{:.2f}", figure);
  if (figure < kWithoutDecimals) return fmt::format(grouped, "{:.1Lf}", figure);
  return fmt::format(grouped, "{:.0Lf}", figure);
}

}  // namespace bench_report
