// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace probes {

enum class Colour { plain, bold, dim, red, green, yellow, cyan };

/// The terminal, or file, behind an output stream.
class Terminal final {
 public:
  explicit Terminal(std::FILE* stream);

  /// A person reads the output as it comes. Colours are used only then, and not with NO_COLOR.
  [[nodiscard]] bool interactive() const { return interactive_; }
  [[nodiscard]] int columns() const;
  [[nodiscard]] int rows() const;

  /// The text in that colour, or unchanged.
  [[nodiscard]] std::string in(Colour colour, std::string_view text) const;

 private:
  std::FILE* stream_;
  bool interactive_;
  bool colours_;
};

}  // namespace probes
