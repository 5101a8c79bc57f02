// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace probes {
namespace {

constexpr int kColumns = 100;
constexpr int kRows = 24;

/// Select Graphic Rendition, ECMA-48
std::string_view code_of(Colour colour) {
  switch (colour) {
    case Colour::plain:
      return "0";
    case Colour::bold:
      return "1";
    case Colour::dim:
      return "2";
    case Colour::red:
      return "31";
    case Colour::green:
      return "32";
    case Colour::yellow:
      return "33";
    case Colour::cyan:
      return "36";
  }
  return "0";
}

winsize size_of(std::FILE* stream) {
  winsize size{};
  // For a stream that is no terminal the call fails, and `size` stays 0.
  ioctl(fileno(stream), TIOCGWINSZ, &size);
  return size;
}

}  // namespace

Terminal::Terminal(std::FILE* stream)
    : stream_(stream),
      interactive_(isatty(fileno(stream)) == 1),
      colours_(interactive_ && std::getenv("NO_COLOR") == nullptr) {}

int Terminal::columns() const {
  const int columns = size_of(stream_).ws_col;
  return columns > 0 ? columns : kColumns;
}

int Terminal::rows() const {
  const int rows = size_of(stream_).ws_row;
  return rows > 0 ? rows : kRows;
}

std::string Terminal::in(Colour colour, std::string_view text) const {
  if (!colours_) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code_of(colour), text);
}

}  // namespace probes
