// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace xpoll::test {

// The path of a program in the packages, or else in the guest. A path is returned unchanged. Throws
// if there is no such program.
std::filesystem::path find_program(const std::string& name);

// The first file in the packages that matches a pattern of glob(7) ("usr/lib/erlang/erts-*").
// Throws if there is none.
std::filesystem::path find_in_packages(const std::string& pattern);

// Additions to the environment: the packages' library path, and `more` (NAME=VALUE).
std::vector<std::string> child_environment(const std::vector<std::string>& more);

}  // namespace xpoll::test
