// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "tools/util/unique_fd.h"

namespace xpoll::vm {

/** open(2) with O_CLOEXEC, mode 0644; throws std::system_error naming the path. */
UniqueFd open_file(const std::filesystem::path& path, int flags);

std::string read_file(const std::filesystem::path& path);
/** The last line that has its end; empty if there is none, or no file yet. */
std::string last_line(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::string_view content);

/** A directory of the user's own under /tmp that goes away with this object. */
class ScratchDirectory {
 public:
  ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace xpoll::vm
