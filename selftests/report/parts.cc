// SPDX-License-Identifier: GPL-2.0-only
#include "report/parts.h"

#include <fmt/format.h>

#include <fstream>

namespace xpoll::report {

std::vector<Part> read_parts(const std::filesystem::path& file) {
  std::vector<Part> parts;
  std::ifstream lines{file};
  for (Part part; lines >> part.name >> part.seconds;) parts.push_back(part);
  return parts;
}

std::string to_text(const std::vector<Part>& parts) {
  if (parts.empty()) return "";
  std::string text;
  int sum = 0;
  for (const Part& part : parts) {
    text += fmt::format("{} {} s, ", part.name, part.seconds);
    sum += part.seconds;
  }
  return text + fmt::format("{} s in all\n", sum);
}

}  // namespace xpoll::report
