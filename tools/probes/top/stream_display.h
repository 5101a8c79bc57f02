// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <vector>

#include "probes/top/display.h"

namespace top {

/// Running text, one interval after another, or JSON lines.
class StreamDisplay final : public Display {
 public:
  explicit StreamDisplay(const Options& options)
      : json_(options.json), workers_(options.workers), histograms_(options.histograms) {}

  void begin(const Watched& watched, std::vector<std::string> notes) override;
  void show(Interval interval) override;
  void end(const Total& total) override;

 private:
  [[nodiscard]] std::string text_of(const Interval& interval) const;
  [[nodiscard]] std::string json_of(const Interval& interval) const;

  bool json_;
  bool workers_;
  bool histograms_;
  Watched watched_{};
  std::vector<std::string> notes_;
};

}  // namespace top
