// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace run {

/// A program as it is to be started: its file, and argv.
struct Command {
  std::filesystem::path file;
  std::vector<std::string> arguments;
};

/// Becomes the program. Returns only if that fails: the errno. Like execvp(3), has the shell read
/// what the kernel does not know as a program.
int execute(const Command& command);

}  // namespace run
