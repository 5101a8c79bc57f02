// SPDX-License-Identifier: GPL-2.0-only
#include "find_program.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "failure.h"

namespace run {
namespace {

namespace fs = std::filesystem;

/// The default of execvp(3) without PATH.
constexpr std::string_view default_path = "/bin:/usr/bin";

[[noreturn]] void fail(const std::string& name, int error) {
  const bool is_absent = error == ENOENT || error == ENOTDIR;
  throw Failure(is_absent ? Status::not_found : Status::not_executable,
                fmt::format("{}: {}", name, std::strerror(error)));
}

/// Returns 0 if the file can be executed, otherwise the errno of execve(2).
int why_not_executable(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (error) return error.value();
  if (!fs::is_regular_file(status)) return EACCES;
  return eaccess(file.c_str(), X_OK) == 0 ? 0 : errno;
}

}  // namespace

fs::path find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    if (const int error = why_not_executable(name)) fail(name, error);
    return name;
  }
  const char* variable = std::getenv("PATH");
  std::string_view path = variable ? variable : default_path;
  int worst = ENOENT;
  while (!name.empty()) {
    const std::string_view directory = path.substr(0, path.find(':'));
    const fs::path file = directory.empty() ? fs::path(".") / name : fs::path(directory) / name;
    const int error = why_not_executable(file);
    if (error == 0) return file;
    if (error == EACCES) worst = error;
    if (directory.size() == path.size()) break;
    path.remove_prefix(directory.size() + 1);
  }
  fail(name, worst);
}

}  // namespace run
