// SPDX-License-Identifier: MIT
#ifndef EXAMPLES_HTTP_SITE_HPP
#define EXAMPLES_HTTP_SITE_HPP

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>

namespace example {

/// The files of a server, by their paths in URLs. They stay in memory, so that no request waits for
/// a disk, and no path leads out of the directory.
using site = std::map<std::string, std::string, std::less<>>;

/// Reads the regular files of a directory, without those below it.
inline site load_site(const std::filesystem::path& directory) {
  site files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(in), {}};
    if (!in || content.size() != entry.file_size())
      throw std::runtime_error("can't read " + entry.path().string());
    files.emplace("/" + entry.path().filename().string(), std::move(content));
  }
  return files;
}

}  // namespace example

#endif  // EXAMPLES_HTTP_SITE_HPP
