// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>

namespace xpoll::vm {

/**
 * Makes absolute symbolic links below `root` relative where they name something below it, so that
 * what was unpacked there finds its own files and not those of the system, or none.
 */
void make_links_relative(const std::filesystem::path& root);

}  // namespace xpoll::vm
