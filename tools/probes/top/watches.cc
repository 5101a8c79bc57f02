// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/watches.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace top {
namespace {

constexpr std::array<const char*, TOP_KINDS> kLinks{"anon_inode:[eventpoll]", "anon_inode:[xpoll]"};

bool is_of(top_kind kind, pid_t pid, int fd) {
  std::error_code gone;
  const auto link = std::filesystem::read_symlink(fmt::format("/proc/{}/fd/{}", pid, fd), gone);
  return !gone && link == kLinks[kind];
}

}  // namespace

std::optional<std::uint64_t> count_watches(top_kind kind, pid_t pid, int fd) {
  if (!is_of(kind, pid, fd)) return std::nullopt;
  std::ifstream file(fmt::format("/proc/{}/fdinfo/{}", pid, fd));
  if (!file) return std::nullopt;
  std::uint64_t count = 0;
  for (std::string line; std::getline(file, line);) count += line.starts_with("tfd:");
  return count;
}

}  // namespace top
