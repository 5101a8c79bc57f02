// SPDX-License-Identifier: GPL-2.0-only
#include "figure.h"

#include <fmt/format.h>

#include "tools/util/thousands.h"

namespace bench_report {

std::string format_figure(double figure) {
  constexpr double kSmall = 10;
  constexpr double kWithoutDecimals = 10'000;
  if (figure < kSmall) return fmt::format("{:.2f}", figure);
  if (figure < kWithoutDecimals) return fmt::format(xpoll::thousands(), "{:.1Lf}", figure);
  return fmt::format(xpoll::thousands(), "{:.0Lf}", figure);
}

}  // namespace bench_report
