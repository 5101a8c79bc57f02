// SPDX-License-Identifier: GPL-2.0-only
#include "temporary_directory.h"

#include <fcntl.h>

#include <cstdlib>

#include "fd.h"

namespace xpoll_test {

TemporaryDirectory::TemporaryDirectory() {
  std::string name = std::filesystem::temp_directory_path() / "xpoll-selftests-XXXXXX";
  if (!mkdtemp(name.data())) checked(-1, "mkdtemp");
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  // Nobody is left to whom a failure could be told.
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void TemporaryDirectory::createFile(const std::string& name) const {
  checkedFd(open((path_ / name).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), name);
}

void TemporaryDirectory::removeFile(const std::string& name) const {
  std::filesystem::remove(path_ / name);
}

}  // namespace xpoll_test
