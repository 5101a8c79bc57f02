// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_APPS_PACKAGES_H
#define XPOLL_SELFTESTS_APPS_PACKAGES_H

#include <filesystem>
#include <string>
#include <vector>

namespace xpoll_test {

// The file of a program of the packages, or else of the guest; a path stays as it is. Throws if
// there is no such program.
std::filesystem::path findProgram(const std::string& name);

// The first file of the packages that matches, as glob(7) says it ("usr/lib/erlang/erts-*"). Throws
// if there is none.
std::filesystem::path findInPackages(const std::string& pattern);

// Our environment, with the packages' libraries and with `more` (NAME=VALUE).
std::vector<std::string> childEnvironment(const std::vector<std::string>& more);

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_APPS_PACKAGES_H
