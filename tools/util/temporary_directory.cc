// SPDX-License-Identifier: GPL-2.0-only
#include "temporary_directory.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace xpoll {

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = std::filesystem::temp_directory_path() / "xpoll.XXXXXX";
  if (!mkdtemp(pattern.data())) throw std::system_error(errno, std::generic_category(), pattern);
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  // A destructor cannot report a failure.
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace xpoll
