// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "probes/top/page.h"

namespace top {

/// The terminal's alternate screen. The destructor, or a fatal signal, restores the terminal. Only
/// one object may exist.
class Screen final {
 public:
  /// Throws Unavailable if the terminal type is unknown.
  Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  ~Screen();

  /// The current size, at least 1 by 1.
  [[nodiscard]] Size size() const;
  /// Replaces the screen's content.
  void draw(const std::vector<Line>& lines);
  /// A pressed key, if any: a byte, or one of the keys in view.h.
  std::optional<int> key();

 private:
  class Session;
  std::unique_ptr<Session> session_;
};

}  // namespace top
