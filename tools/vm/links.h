// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>

namespace xpoll::vm {

/**
 * Makes absolute symbolic links below `root` relative if their target exists below it. Otherwise an
 * unpacked program would follow them to files of the host.
 */
void make_links_relative(const std::filesystem::path& root);

}  // namespace xpoll::vm
