// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "probes/top/interval.h"
#include "probes/top/options.h"

namespace top {

/// Where the figures go.
class Display {
 public:
  Display() = default;
  Display(const Display&) = delete;
  Display& operator=(const Display&) = delete;
  virtual ~Display() = default;

  /// The probes are there. `notes`: what the reader should know of the figures.
  virtual void begin(const Watched& watched, std::vector<std::string> notes) = 0;
  virtual void show(Interval interval) = 0;
  virtual void end(const Total& total) = 0;

  /// Of which each that is not negative is readable when attend() has something to do.
  virtual std::array<int, 2> descriptors() const { return {-1, -1}; }
  /// False if the user wants it to end.
  virtual bool attend() { return true; }
};

/// A screen if the program has a terminal to itself, else a text that goes on, or lines of JSON.
std::unique_ptr<Display> make_display(const Options& options);

}  // namespace top
