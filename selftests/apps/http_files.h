// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace xpoll::test {

// Files of random bytes to serve, from empty to many times the size of a socket's buffer.
class HttpFiles {
 public:
  struct File {
    std::string name;
    std::string content;
  };

  explicit HttpFiles(std::filesystem::path directory);

  const std::filesystem::path& directory() const { return directory_; }
  const std::vector<File>& all() const { return files_; }
  const File& largest() const { return files_.back(); }

 private:
  const std::filesystem::path directory_;
  std::vector<File> files_;
};

}  // namespace xpoll::test
