// SPDX-License-Identifier: GPL-2.0-only
#include "load/pseudo_file.h"

#include <unistd.h>

#include <fstream>
#include <iterator>

#include "util/fd.h"

namespace xpoll_test {

std::string readText(const std::string& path) {
  std::ifstream file(path);
  checked(file ? 0 : -1, path);
  return {std::istreambuf_iterator<char>(file), {}};
}

int writeText(const std::string& path, std::string_view text, int flags) {
  const Fd file(open(path.c_str(), O_WRONLY | O_CLOEXEC | flags));
  if (!file.valid()) return -1;
  return static_cast<int>(write(file.get(), text.data(), text.size()));
}

void mustWrite(const std::string& path, std::string_view text, int flags) {
  checked(writeText(path, text, flags), path);
}

}  // namespace xpoll_test
