// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace run {

/// A program to start: its file, and argv.
struct Command {
  std::filesystem::path file;
  std::vector<std::string> arguments;
};

/// Replaces this process by the program. Returns errno if that fails. Like execvp(3), it passes a
/// file without a known format to the shell.
int execute(const Command& command);

}  // namespace run
