// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/microseconds.h"

#include <fmt/format.h>

namespace probes {

std::string microseconds(std::optional<std::uint64_t> nanoseconds) {
  if (!nanoseconds) return "-";
  return fmt::format("{}.{:03}", *nanoseconds / 1000, *nanoseconds % 1000);
}

std::string brief_microseconds(std::optional<std::uint64_t> nanoseconds) {
  constexpr std::uint64_t kOneDecimal = 1'000'000;
  constexpr std::uint64_t kNoDecimal = 100'000'000;
  if (!nanoseconds || *nanoseconds < kOneDecimal) return microseconds(nanoseconds);
  return fmt::format("{:.{}f}", static_cast<double>(*nanoseconds) / 1000,
                     *nanoseconds < kNoDecimal ? 1 : 0);
}

}  // namespace probes
