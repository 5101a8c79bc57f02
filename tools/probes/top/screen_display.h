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

/// A terminal screen that shows the last interval, and keys that choose what is shown.
class ScreenDisplay final : public Display {
 public:
  /// Shows that the probes are being attached. Throws Unavailable if the terminal type is unknown.
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
  std::string message_;  ///< shown until the first interval
  Watched watched_{};
  std::vector<std::string> notes_;
  std::optional<Interval> interval_;
};

}  // namespace top
