// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/stream_display.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "probes/top/json.h"
#include "probes/top/table.h"
#include "probes/top/worker_table.h"

namespace top {
namespace {

/// So that a reader at the other end of a pipe has each interval when it is over.
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

void StreamDisplay::show(Interval interval) { put(text_of(interval) + '\n'); }

std::string StreamDisplay::text_of(const Interval& interval) const {
  if (!json_) return workers_ ? worker_table(interval) : table(interval, watched_);
  nlohmann::ordered_json json = to_json(interval, watched_);
  if (workers_)
    json["groups"] = to_json(groups_of(interval.rows, interval.workers), interval.seconds);
  return json.dump();
}

void StreamDisplay::end(const Total& total) {
  if (!json_) {
    put(table(total, watched_));
    return;
  }
  nlohmann::ordered_json json = to_json(total, watched_);
  json["notes"] = notes_;
  put(json.dump() + '\n');
}

}  // namespace top
