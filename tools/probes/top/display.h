// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "probes/top/interval.h"
#include "probes/top/options.h"

namespace top {

/// The output of the figures.
class Display {
 public:
  Display() = default;
  Display(const Display&) = delete;
  Display& operator=(const Display&) = delete;
  virtual ~Display() = default;

  /// Called when the probes are attached. `notes` qualify the figures.
  virtual void begin(const Watched& watched, std::vector<std::string> notes) = 0;
  virtual void show(Interval interval) = 0;
  virtual void end(const Total& total) = 0;

  /// Descriptors to poll, or -1. When one is readable, call attend().
  virtual std::array<int, 2> descriptors() const { return {-1, -1}; }
  /// Handles input. Returns false if the user wants to quit.
  virtual bool attend() { return true; }
};

/// A full screen if the program has a terminal to itself, else running text or JSON lines.
std::unique_ptr<Display> make_display(const Options& options);

}  // namespace top
