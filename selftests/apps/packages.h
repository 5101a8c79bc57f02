// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace xpoll::test {

// The file of a program of the packages, or else of the guest; a path stays as it is. Throws if
// there is no such program.
std::filesystem::path find_program(const std::string& name);

// The first file of the packages that matches, as glob(7) says it ("usr/lib/erlang/erts-*"). Throws
// if there is none.
std::filesystem::path find_in_packages(const std::string& pattern);

// What is added to our environment: the packages' libraries, and `more` (NAME=VALUE).
std::vector<std::string> child_environment(const std::vector<std::string>& more);

}  // namespace xpoll::test
