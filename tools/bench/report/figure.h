// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

namespace bench_report {

/// Formats as "1,234.5": two decimals below 10, one below 10,000, none above.
std::string format_figure(double figure);

}  // namespace bench_report
