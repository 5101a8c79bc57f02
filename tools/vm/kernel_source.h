// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace xpoll::vm {

/**
 * A cache directory with these files and directories of a kernel's source, under their original
 * paths. `series` is that of Debian's package: 6.1 for linux-source-6.1.
 */
std::filesystem::path kernel_source(const std::string& series,
                                    const std::vector<std::string>& paths);

}  // namespace xpoll::vm
