// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <vector>

#include "probes/top/interval.h"
#include "probes/top/options.h"
#include "probes/util/terminal.h"

namespace top {

/// Where the figures go: a terminal, on which each interval takes the place of the last, a text
/// that goes on, or lines of JSON.
class Display final {
 public:
  /// `notes`: what the reader should know of the figures.
  Display(const Options& options, const Watched& watched, std::vector<std::string> notes);

  void begin() const;
  void show(const Interval& interval) const;
  void end(const Total& total) const;

 private:
  std::size_t most_rows() const;
  std::string in_colours(const std::string& table) const;

  bool json_;
  Watched watched_;
  std::vector<std::string> notes_;
  probes::Terminal terminal_;
};

}  // namespace top
