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
  std::vector<std::string> depends;  // names only, the first of each alternative
  uint64_t size = 0;                 // bytes to download, 0 if not known
};

/** Parses one stanza of `apt-cache show`. */
Package parse_stanza(std::string_view stanza);

/** What apt knows of that name; throws with advice if it knows nothing. */
Package resolve(const std::string& name);

/**
 * Those of a metapackage's dependencies, of their dependencies and so on, whose names begin with
 * one of the prefixes.
 */
std::vector<Package> resolve_dependencies(const std::string& name,
                                          const std::vector<std::string_view>& prefixes);

/** Downloads (at most once) and returns the .deb in the cache. The cache lock must be held. */
std::filesystem::path download(const Package& package);

/** Downloads and unpacks below `root`, without installing anything. */
void unpack(const Package& package, const std::filesystem::path& root);

/** What to do about a download that failed so, in a line of its own; empty if that is not known. */
std::string download_hint(std::string_view complaint);

}  // namespace xpoll::vm
