// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_TEMPORARY_DIRECTORY_H
#define XPOLL_SELFTESTS_UTIL_TEMPORARY_DIRECTORY_H

#include <filesystem>
#include <string>

namespace xpoll_test {

// A directory that is removed, with what is in it, in the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void createFile(const std::string& name) const;
  void removeFile(const std::string& name) const;

 private:
  std::filesystem::path path_;
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_TEMPORARY_DIRECTORY_H
