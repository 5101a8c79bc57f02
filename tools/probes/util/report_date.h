// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

namespace probes {

/// The day that a report is of, as 2026-11-28: today, or what SOURCE_DATE_EPOCH says in place of a
/// clock that is not to be believed. Throws if that is no number.
std::string report_date();

}  // namespace probes
