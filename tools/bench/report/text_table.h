// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <vector>

namespace bench_report {

/// A table in Markdown that can be read as it is: columns of equal width, all but the first
/// `left_columns` aligned right.
std::string to_markdown(const std::vector<std::vector<std::string>>& rows,
                        std::size_t left_columns);

/// "1,234.5": two decimals below 10, one below 10,000, none above.
std::string format_figure(double figure);

}  // namespace bench_report
