// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <span>
#include <string>

#include "probes/path/summary.h"
#include "probes/path/tracer.h"
#include "probes/util/terminal.h"
#include "tools/util/text_table.h"

namespace probes::path {

/// The maximum width of a report, whatever the terminal's.
constexpr int kReportColumns = 100;

/// The implementations side by side: the number of events, and a table of the steps.
std::string to_text(const Summary& summary, std::span<const Kind> kinds, const Terminal& terminal);

/// A histogram for each step; empty if there were no events.
std::string histograms_of(const Summary& summary, std::span<const Kind> kinds,
                          const Terminal& terminal);

/// The table's lines, with bold headings.
std::string text_of(const xpoll::TextTable& table, const Terminal& terminal);

/// A line about missing events and unknown losses; empty if there are none.
std::string to_text(const Losses& losses);

}  // namespace probes::path
