// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace probes {

/// Nanoseconds as microseconds: "12.345"; "-" if there is nothing to tell.
std::string microseconds(std::optional<std::uint64_t> nanoseconds);

/// The same in at most seven characters up to ten seconds: the larger, the fewer decimals.
std::string brief_microseconds(std::optional<std::uint64_t> nanoseconds);

}  // namespace probes
