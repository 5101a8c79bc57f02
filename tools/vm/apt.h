// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
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

/** The machine does not reach the Debian archive. */
class ArchiveUnreachable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/**
 * Throws what apt-get's failed download or update is reported as: ArchiveUnreachable, or
 * std::runtime_error, with its complaint and, if the cause is known, a line of advice.
 */
[[noreturn]] void throw_download_failure(const std::string& complaint);

}  // namespace xpoll::vm
