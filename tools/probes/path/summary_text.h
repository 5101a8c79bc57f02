// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <span>
#include <string>

#include "probes/path/summary.h"
#include "probes/path/tracer.h"
#include "probes/util/terminal.h"
#include "tools/util/text_table.h"

namespace probes::path {

/// The widest that a report is, whatever the terminal has.
constexpr int kReportColumns = 100;

/// The kinds side by side: how many events there were, and a table of the steps.
std::string to_text(const Summary& summary, std::span<const Kind> kinds, const Terminal& terminal);

/// A histogram of each step; empty if there were no events.
std::string histograms_of(const Summary& summary, std::span<const Kind> kinds,
                          const Terminal& terminal);

/// Lines, the heads in bold.
std::string text_of(const xpoll::TextTable& table, const Terminal& terminal);

/// What is missing and what can't be known, in a line; empty if there is neither.
std::string to_text(const Losses& losses);

}  // namespace probes::path
