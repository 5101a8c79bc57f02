// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace probes {

/// Wraps the text at blanks into lines of at most `width` characters, each with a newline. Longer
/// words are split. Lines after the first are indented by `indent` blanks.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent = 0);
/// The same as a list of lines without newlines.
std::vector<std::string> wrapped_lines(std::string_view text, std::size_t width,
                                       std::size_t indent = 0);

}  // namespace probes
