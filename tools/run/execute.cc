// SPDX-License-Identifier: GPL-2.0-only
#include "execute.h"

#include <unistd.h>

#include <cerrno>

namespace run {
namespace {

std::vector<char*> argv_of(const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  return argv;
}

}  // namespace

int execute(const Command& command) {
  const std::vector<char*> argv = argv_of(command.arguments);
  // A path with a slash, so that execve(2) does not search PATH again.
  const std::filesystem::path file =
      command.file.has_parent_path() ? command.file : "." / command.file;
  execvp(file.c_str(), argv.data());
  return errno;
}

}  // namespace run
