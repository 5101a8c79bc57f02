// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/stream_display.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "probes/top/json.h"
#include "probes/top/table.h"

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

void StreamDisplay::show(Interval interval) {
  put(json_ ? to_json(interval, watched_).dump() + '\n' : table(interval, watched_) + '\n');
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
