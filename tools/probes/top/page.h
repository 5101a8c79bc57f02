// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "probes/top/interval.h"
#include "probes/top/view.h"

namespace top {

enum class Style { plain, bold, dim, reverse };

struct Line {
  std::string text;
  Style style = Style::plain;

  friend bool operator==(const Line&, const Line&) = default;
};

struct Size {
  std::size_t rows = 0;
  std::size_t columns = 0;

  friend bool operator==(const Size&, const Size&) = default;
};

/// The lines of a screen of that size: exactly as many, none wider. The last one is the footer. If
/// there is too little room, the notes are omitted first.
std::vector<Line> page(const Interval& interval, const Watched& watched,
                       const std::vector<std::string>& notes, const View& view, const Size& size);

/// A screen with one line of status, and the footer if there is one.
std::vector<Line> page(const std::string& message, const std::string& footer, const Size& size);

}  // namespace top
