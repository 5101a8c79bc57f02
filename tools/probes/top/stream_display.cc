// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/stream_display.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "probes/top/histogram_text.h"
#include "probes/top/json.h"
#include "probes/top/table.h"
#include "probes/top/worker_table.h"
#include "probes/util/terminal.h"
#include "tools/util/json_text.h"

namespace top {
namespace {

/// The maximum width of histograms, whatever the terminal's.
constexpr int kHistogramColumns = 100;

/// Flushes, so that a reader of a pipe gets each interval at its end.
void put(const std::string& text) {
  fmt::print("{}", text);
  std::fflush(stdout);
}

}  // namespace

void StreamDisplay::begin(const Watched& watched, std::vector<std::string> notes) {
  watched_ = watched;
  notes_ = std::move(notes);
  for (const std::string& note : notes_) fmt::print(stderr, "xpoll-top: {}\n", note);
}

void StreamDisplay::show(Interval interval) {
  put((json_ ? json_of(interval) : text_of(interval)) + '\n');
}

std::string StreamDisplay::text_of(const Interval& interval) const {
  const std::string figures = workers_ ? worker_table(interval) : table(interval, watched_);
  if (!histograms_) return figures;
  const probes::Terminal terminal(stdout);
  return figures +
         histograms_of(interval.rows, std::min(terminal.columns(), kHistogramColumns), terminal);
}

std::string StreamDisplay::json_of(const Interval& interval) const {
  nlohmann::ordered_json json = to_json(interval, watched_);
  if (workers_)
    json["groups"] = to_json(groups_of(interval.rows, interval.workers), interval.seconds);
  if (histograms_) json["histograms"] = histograms_json(interval.rows);
  return xpoll::json_text(json);
}

void StreamDisplay::end(const Total& total) {
  if (!json_) {
    put(table(total, watched_));
    return;
  }
  nlohmann::ordered_json json = to_json(total, watched_);
  json["notes"] = notes_;
  put(xpoll::json_text(json) + '\n');
}

}  // namespace top
