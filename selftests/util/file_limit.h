// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "tools/util/checked.h"

namespace xpoll::test {

// Limits the system's number of open files while it lives. The limit does not apply to root.
class FileLimit {
 public:
  explicit FileLimit(const std::string& files) {
    std::ifstream(kPath) >> before_;
    set(files);
  }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;
  ~FileLimit() { set(before_); }

 private:
  static constexpr const char* kPath = "/proc/sys/fs/file-max";

  static void set(const std::string& files) {
    const unique_fd file = checked_fd(open(kPath, O_WRONLY | O_CLOEXEC), kPath);
    checked(static_cast<int>(write(file.get(), files.data(), files.size())), kPath);
  }

  std::string before_;
};

}  // namespace xpoll::test
