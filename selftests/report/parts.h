// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace xpoll::report {

/** The duration of one part of a make, as recorded by selftests/report/part. */
struct Part {
  std::string name;
  int seconds = 0;
};

/** In the order in which they ended. Empty if there is no such file. */
std::vector<Part> read_parts(const std::filesystem::path& file);

/** A line such as "build 212 s, tests 301 s, 513 s in all"; empty if there are no parts. */
std::string to_text(const std::vector<Part>& parts);

}  // namespace xpoll::report
