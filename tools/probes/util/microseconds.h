// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace probes {

/// Nanoseconds as microseconds: "12.345"; "-" if there is no value.
std::string microseconds(std::optional<std::uint64_t> nanoseconds);

/// The same in at most seven characters up to ten seconds: larger values get fewer decimals.
std::string brief_microseconds(std::optional<std::uint64_t> nanoseconds);

}  // namespace probes
