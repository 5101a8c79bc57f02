// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>

namespace run {

/// A file that belongs to xpoll-run: in the directory of a built xpoll-run, or in lib/xpoll when
/// installed. Throws Failure if it is missing.
std::filesystem::path own_file(const std::filesystem::path& name);

}  // namespace run
