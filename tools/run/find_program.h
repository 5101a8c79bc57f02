// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>

namespace run {

/// The file that execvp(3) would run for this name. Throws Failure if there is none.
std::filesystem::path find_program(const std::string& name);

}  // namespace run
