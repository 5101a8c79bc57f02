// SPDX-License-Identifier: GPL-2.0-only
#include "load/pseudo_file.h"

#include <unistd.h>

#include <fstream>
#include <iterator>

#include "tools/util/checked.h"

namespace xpoll::test {

std::string read_text(const std::string& path) {
  std::ifstream file(path);
  checked(file ? 0 : -1, path);
  return {std::istreambuf_iterator<char>(file), {}};
}

int write_text(const std::string& path, std::string_view text, int flags) {
  const unique_fd file(open(path.c_str(), O_WRONLY | O_CLOEXEC | flags));
  if (!file.valid()) return -1;
  return static_cast<int>(write(file.get(), text.data(), text.size()));
}

void must_write(const std::string& path, std::string_view text, int flags) {
  checked(write_text(path, text, flags), path);
}

}  // namespace xpoll::test
