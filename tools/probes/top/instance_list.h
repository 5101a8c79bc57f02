// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "probes/top/options.h"
#include "tools/util/listed_instances.h"

namespace top {

/// The keys of --sort that the kernel's list of instances has a figure for.
std::vector<std::string> list_sort_keys();

/// The instances whose creator matches, largest first (by pid and command: smallest first).
std::vector<xpoll::ListedInstance> select(std::vector<xpoll::ListedInstance> instances,
                                          const Selection& selection);

/// A line for each, and one with their number.
std::string instance_table(const std::vector<xpoll::ListedInstance>& instances);
nlohmann::ordered_json to_json(const std::vector<xpoll::ListedInstance>& instances);

/// Prints what the kernel lists, without probes. Throws probes::Unavailable if there is no list.
void show_instances(const Options& options);

}  // namespace top
