// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/watches.h"

#include <fmt/format.h>

#include <fstream>
#include <string>

namespace top {

std::optional<std::uint64_t> count_watches(pid_t pid, int fd) {
  std::ifstream file(fmt::format("/proc/{}/fdinfo/{}", pid, fd));
  if (!file) return std::nullopt;
  std::uint64_t count = 0;
  for (std::string line; std::getline(file, line);) count += line.starts_with("tfd:");
  return count;
}

}  // namespace top
