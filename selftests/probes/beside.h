// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/util/child.h"

namespace xpoll::test {

// The command line of a program that the build placed beside this one.
inline Argv beside_this_program(const std::string& name,
                                const std::vector<std::string>& arguments) {
  Argv argv{std::filesystem::read_symlink("/proc/self/exe").replace_filename(name)};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return argv;
}

}  // namespace xpoll::test
