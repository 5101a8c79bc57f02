// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/wrapped.h"

#include <algorithm>

namespace probes {
namespace {

constexpr auto kNone = std::string_view::npos;

/// Number of characters that fit into the next line.
std::size_t line_of(std::string_view text, std::size_t width) {
  if (text.size() <= width) return text.size();
  const std::size_t blank = text.rfind(' ', width);
  return blank == kNone || blank == 0 ? width : blank;
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string all;
  for (const std::string& line : wrapped_lines(text, width, indent)) all += line + '\n';
  return all;
}

std::vector<std::string> wrapped_lines(std::string_view text, std::size_t width,
                                       std::size_t indent) {
  std::vector<std::string> lines;
  std::size_t margin = 0;
  while (!text.empty()) {
    const std::size_t length = line_of(text, width - margin);
    lines.push_back(std::string(margin, ' ').append(text.substr(0, length)));
    text.remove_prefix(length);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    margin = indent;
  }
  return lines;
}

}  // namespace probes
