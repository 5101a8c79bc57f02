// SPDX-License-Identifier: GPL-2.0-only
#include "file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

namespace xpoll::vm {

namespace fs = std::filesystem;

UniqueFd open_file(const fs::path& path, int flags) {
  UniqueFd file{::open(path.c_str(), flags | O_CLOEXEC, 0644)};
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
  const UniqueFd file = open_file(path, O_WRONLY | O_CREAT | O_TRUNC);
  while (!content.empty()) {
    const ssize_t written = ::write(file.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw std::system_error(errno, std::generic_category(), path.string());
    content.remove_prefix(static_cast<size_t>(written));
  }
}

ScratchDirectory::ScratchDirectory() {
  std::string pattern = (fs::temp_directory_path() / "xpoll-vm.XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), pattern);
  }
  path_ = pattern;
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace xpoll::vm
