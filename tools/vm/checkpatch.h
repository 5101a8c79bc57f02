// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>

namespace xpoll::vm {

/**
 * A directory of the cache with checkpatch.pl and the lists it reads. Debian has them in the
 * kernel's source package only.
 */
std::filesystem::path checkpatch_directory();

}  // namespace xpoll::vm
