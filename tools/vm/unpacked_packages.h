// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "apt.h"

namespace xpoll::vm {

/** The packages that `apt-get --simulate install` says it would install, as name and version. */
std::vector<Package> parse_simulation(std::string_view output);

/**
 * A directory of the cache in which these packages are unpacked, with those of their dependencies
 * that this host lacks. Nothing is installed, so no maintainer script runs and no daemon starts.
 * Without network if apt's lists name the versions that were unpacked before.
 */
std::filesystem::path unpacked_packages(const std::vector<std::string>& names);

}  // namespace xpoll::vm
