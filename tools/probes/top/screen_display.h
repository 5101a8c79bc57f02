// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <optional>
#include <string>
#include <vector>
#include <xpoll/unique_fd.hpp>

#include "probes/top/display.h"
#include "probes/top/screen.h"
#include "probes/top/view.h"

namespace top {

/// A terminal's screen, on which each interval takes the place of the last, and keys that say what
/// of it is shown.
class ScreenDisplay final : public Display {
 public:
  /// Says that the probes are being put in place. Throws Unavailable if nothing is known of the
  /// terminal.
  explicit ScreenDisplay(const Options& options);

  void begin(const Watched& watched, std::vector<std::string> notes) override;
  void show(Interval interval) override;
  void end(const Total& total) override;
  std::array<int, 2> descriptors() const override;
  bool attend() override;

 private:
  void draw();

  std::optional<Screen> screen_;
  xpoll::unique_fd signals_;
  View view_;
  std::string message_;  ///< as long as there is no interval
  Watched watched_{};
  std::vector<std::string> notes_;
  std::optional<Interval> interval_;
};

}  // namespace top
