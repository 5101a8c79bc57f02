// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/display.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <limits>
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

Display::Display(const Options& options, const Watched& watched, std::vector<std::string> notes)
    : json_(options.json), watched_(watched), notes_(std::move(notes)), terminal_(stdout) {}

void Display::begin() const {
  for (const std::string& note : notes_) fmt::print(stderr, "xpoll-top: {}\n", note);
}

void Display::show(const Interval& interval) const {
  if (json_) {
    put(to_json(interval, watched_).dump() + '\n');
    return;
  }
  std::string text(terminal_.home());
  if (terminal_.interactive())
    for (const std::string& note : notes_) text += terminal_.in(probes::Colour::dim, note) + '\n';
  put(text + in_colours(table(interval, watched_, most_rows())) + '\n');
}

void Display::end(const Total& total) const {
  if (json_) {
    nlohmann::ordered_json json = to_json(total, watched_);
    json["notes"] = notes_;
    put(json.dump() + '\n');
    return;
  }
  put(table(total, watched_));
}

/// What a terminal has room for beside notes, header, sums and remarks.
std::size_t Display::most_rows() const {
  if (!terminal_.interactive()) return std::numeric_limits<std::size_t>::max();
  constexpr int kOthers = 9;
  return std::max(1, terminal_.rows() - static_cast<int>(notes_.size()) - kOthers);
}

std::string Display::in_colours(const std::string& table) const {
  const std::size_t header = table.find('\n');
  return terminal_.in(probes::Colour::bold, table.substr(0, header)) + table.substr(header);
}

}  // namespace top
