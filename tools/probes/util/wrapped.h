// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace probes {

/// The text in lines of at most so many characters, broken at blanks, each with a newline; a word
/// that is longer is broken too. Lines after the first begin with so many blanks.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent = 0);
/// The same by lines, without newlines.
std::vector<std::string> wrapped_lines(std::string_view text, std::size_t width,
                                       std::size_t indent = 0);

}  // namespace probes
