// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <vector>

#include "probes/top/row.h"

namespace top {

/// Which rows are shown, and in which order.
struct Selection {
  std::vector<pid_t> pids;
  /// Part of a command's name; empty for all.
  std::string command;
  std::string sort = "events";
};

/// The columns to sort by.
std::vector<std::string> sort_keys();

/// The matching rows, largest first (by pid and command: smallest first). In each row the first
/// matching holder comes first.
std::vector<Row> select(std::vector<Row> rows, const Selection& selection);

}  // namespace top
