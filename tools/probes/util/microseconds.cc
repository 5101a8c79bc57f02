// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/microseconds.h"

#include <fmt/format.h>

namespace probes {

std::string microseconds(std::optional<std::uint64_t> nanoseconds) {
  if (!nanoseconds) return "-";
  return fmt::format("{}.{:03}", *nanoseconds / 1000, *nanoseconds % 1000);
}

}  // namespace probes
