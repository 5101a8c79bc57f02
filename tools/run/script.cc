// SPDX-License-Identifier: GPL-2.0-only
#include "script.h"

#include <fstream>
#include <string>
#include <string_view>

namespace run {
namespace {

namespace fs = std::filesystem;

/// The kernel's limits (fs/exec.c, BINPRM_BUF_SIZE): how many levels of interpreters, and how many
/// bytes of the first line.
constexpr int most_levels = 5;
constexpr std::size_t longest_line = 256;

constexpr std::string_view blanks = " \t";

std::string first_line(const fs::path& file) {
  std::string line(longest_line, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<std::size_t>(stream.gcount()));
  return line.substr(0, line.find('\n'));
}

/// The interpreter that the line names, or empty.
std::string named_interpreter(std::string_view line) {
  if (!line.starts_with("#!")) return {};
  line.remove_prefix(2);
  const std::size_t begin = line.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  line.remove_prefix(begin);
  return std::string(line.substr(0, line.find_first_of(blanks)));
}

}  // namespace

fs::path interpreter_of(const fs::path& program) {
  fs::path file = program;
  for (int level = 0; level < most_levels; ++level) {
    const std::string interpreter = named_interpreter(first_line(file));
    if (interpreter.empty()) break;
    file = interpreter;
  }
  return file;
}

}  // namespace run
