// SPDX-License-Identifier: GPL-2.0-only
#include "apps/held_instances.h"

#include <algorithm>
#include <filesystem>
#include <string>

namespace xpoll::test {

namespace fs = std::filesystem;

int held_instances(pid_t process, Backend backend) {
  const fs::path file = backend.is_xpoll() ? "anon_inode:[xpoll]" : "anon_inode:[eventpoll]";
  const fs::directory_iterator descriptors(fs::path("/proc") / std::to_string(process) / "fd");
  return static_cast<int>(std::ranges::count_if(descriptors, [&](const auto& descriptor) {
    // A descriptor that was closed meanwhile does not count.
    std::error_code gone;
    return fs::read_symlink(descriptor, gone) == file;
  }));
}

}  // namespace xpoll::test
