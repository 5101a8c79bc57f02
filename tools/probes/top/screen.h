// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "probes/top/page.h"

namespace top {

/// The terminal's other screen, from beginning to end; then the terminal is as it was before,
/// whatever ends the program. One at a time.
class Screen final {
 public:
  /// Throws Unavailable if nothing is known of the terminal.
  Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  ~Screen();

  /// As it is now; at least one by one.
  [[nodiscard]] Size size() const;
  /// In place of what was there.
  void draw(const std::vector<Line>& lines);
  /// One that was pressed, if there is one: a byte, or one of those in view.h.
  std::optional<int> key();

 private:
  class Session;
  std::unique_ptr<Session> session_;
};

}  // namespace top
