// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

namespace probes {

/// The date of a report, such as 2026-11-28: today, or SOURCE_DATE_EPOCH where the clock is wrong.
/// Throws if that is not a number.
std::string report_date();

}  // namespace probes
