// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_FILE_LIMIT_H
#define XPOLL_SELFTESTS_UTIL_FILE_LIMIT_H

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "fd.h"

namespace xpoll_test {

// While it lives, how many files the system may have open. Root is not held to it.
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
    const Fd file = checkedFd(open(kPath, O_WRONLY | O_CLOEXEC), kPath);
    checked(static_cast<int>(write(file.get(), files.data(), files.size())), kPath);
  }

  std::string before_;
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_FILE_LIMIT_H
