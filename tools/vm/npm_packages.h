// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>

namespace xpoll::vm {

/**
 * The node_modules of the package-lock.json in that directory, in the cache. npm fetches them from
 * the registry that it is configured for and refuses what differs from the lock file's checksums.
 * None of their scripts runs. Without network if they were fetched before.
 */
std::filesystem::path npm_packages(const std::filesystem::path& directory);

}  // namespace xpoll::vm
