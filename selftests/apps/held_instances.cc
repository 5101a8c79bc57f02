// SPDX-License-Identifier: GPL-2.0-only
#include "apps/held_instances.h"

#include <algorithm>
#include <filesystem>
#include <string>

namespace xpoll::test {

namespace fs = std::filesystem;

namespace {

int held_files(pid_t process, const fs::path& file) {
  const fs::directory_iterator descriptors(fs::path("/proc") / std::to_string(process) / "fd");
  return static_cast<int>(std::ranges::count_if(descriptors, [&](const auto& descriptor) {
    // A descriptor that was closed meanwhile does not count.
    std::error_code gone;
    return fs::read_symlink(descriptor, gone) == file;
  }));
}

}  // namespace

int held_instances(pid_t process, Backend backend) {
  return held_files(process, backend.is_xpoll() ? "anon_inode:[xpoll]" : "anon_inode:[eventpoll]");
}

int held_rings(pid_t process) { return held_files(process, "anon_inode:[io_uring]"); }

}  // namespace xpoll::test
