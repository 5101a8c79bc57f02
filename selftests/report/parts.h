// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace xpoll::report {

/** What one part of a make took, as selftests/report/part noted it. */
struct Part {
  std::string name;
  int seconds = 0;
};

/** In the order in which they ended; none if there is no such file. */
std::vector<Part> read_parts(const std::filesystem::path& file);

/** "build 212 s, tests 301 s, 513 s in all" in a line; nothing if there are none. */
std::string to_text(const std::vector<Part>& parts);

}  // namespace xpoll::report
