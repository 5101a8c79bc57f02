// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>

namespace run {

/// A file that belongs to xpoll-run: beside it as it is built, or in lib/xpoll where it is
/// installed. Throws Failure if it is not there.
std::filesystem::path own_file(const std::filesystem::path& name);

}  // namespace run
