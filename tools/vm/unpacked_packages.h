// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "apt.h"

namespace xpoll::vm {

/** The packages, as name and version, that `apt-get --simulate install` would install. */
std::vector<Package> parse_simulation(std::string_view output);

/**
 * A cache directory in which these packages and those of their dependencies that this host lacks
 * are unpacked. Nothing is installed, so no maintainer script runs and no daemon starts. Needs no
 * network if the versions in apt's lists are cached.
 */
std::filesystem::path unpacked_packages(const std::vector<std::string>& names);

/** The same for packages of another suite (suite.h), with all their dependencies, whatever this
 * host has installed. The caller must hold the cache lock. */
std::filesystem::path unpacked_suite(const std::vector<std::string>& names,
                                     const std::string& suite);

}  // namespace xpoll::vm
