// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>

namespace xpoll::vm {

/**
 * The node_modules of the package-lock.json in that directory, in the cache. npm fetches them from
 * its configured registry and rejects files whose checksum differs from the lock file's. Their
 * scripts are not run. Needs no network if they are cached.
 */
std::filesystem::path npm_packages(const std::filesystem::path& directory);

}  // namespace xpoll::vm
