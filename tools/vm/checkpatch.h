// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>

namespace xpoll::vm {

/**
 * A cache directory with checkpatch.pl and the word lists that it reads. Debian ships them only in
 * the kernel's source package.
 */
std::filesystem::path checkpatch_directory();

}  // namespace xpoll::vm
