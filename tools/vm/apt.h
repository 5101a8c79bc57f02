// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace xpoll::vm {

/** A Debian package at the version that apt would install. */
struct Package {
  std::string name;
  std::string version;
  std::vector<std::string> depends;  // names only; the first of each alternative
  uint64_t size = 0;                 // bytes to download, 0 if unknown
  std::string suite;                 // suite of whose lists it is (suite.h), empty for the host's
};

/** Parses one stanza of `apt-cache show`. */
Package parse_stanza(std::string_view stanza);

/** Looks the package up in the suite's lists. Throws with advice if it is unknown. */
Package resolve(const std::string& name, const std::string& suite = "");

/** The dependencies of a metapackage, recursively, whose names begin with one of the prefixes. */
std::vector<Package> resolve_dependencies(const Package& metapackage,
                                          const std::vector<std::string_view>& prefixes);

/** Returns the .deb in the cache, after downloading it if necessary. The caller must hold the cache
 * lock. */
std::filesystem::path download(const Package& package);

/** Downloads the package and unpacks it below `root`, without installing anything. */
void unpack(const Package& package, const std::filesystem::path& root);

/** One line of advice on a failed download; empty if the cause is unknown. */
std::string download_hint(std::string_view complaint);

}  // namespace xpoll::vm
