// SPDX-License-Identifier: GPL-2.0-only
#include "file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

#include "descriptors.h"

namespace xpoll {

namespace fs = std::filesystem;

unique_fd open_file(const fs::path& path, int flags) {
  unique_fd file{::open(path.c_str(), flags | O_CLOEXEC, 0644)};
  if (!file.valid()) throw std::system_error(errno, std::generic_category(), path.string());
  return file;
}

std::string read_file(const fs::path& path) {
  std::ifstream stream{path, std::ios::binary};
  if (!stream) throw std::system_error(errno, std::generic_category(), path.string());
  return {std::istreambuf_iterator<char>{stream}, {}};
}

std::string last_line(const fs::path& path) {
  if (!fs::exists(path)) return {};
  const std::string text = read_file(path);
  const auto end = text.rfind('\n');
  if (end == std::string::npos) return {};
  const auto before = end == 0 ? std::string::npos : text.rfind('\n', end - 1);
  const auto begin = before == std::string::npos ? 0 : before + 1;
  return text.substr(begin, end - begin);
}

void write_file(const fs::path& path, std::string_view content) {
  const unique_fd file = open_file(path, O_WRONLY | O_CREAT | O_TRUNC);
  write_all(file, content);
}

}  // namespace xpoll
