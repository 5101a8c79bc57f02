// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/view.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace top {
namespace {

/// An ASCII letter, or a byte of a multibyte character.
bool printable(int key) {
  constexpr int kBytes = 256;
  return key >= ' ' && key < kBytes && key != kErase;
}

}  // namespace

View::Answer View::press(int key) {
  if (typed_) {
    type(key);
    return Answer::stay;
  }
  if (key == 's') sort_by_next();
  if (key == 'f') typed_ = selection_.command;
  if (key == 'w') workers_ = !workers_;
  return key == 'q' ? Answer::quit : Answer::stay;
}

void View::type(int key) {
  if (key == kEnter)
    selection_.command = *std::exchange(typed_, std::nullopt);
  else if (key == kEscape)
    typed_.reset();
  else if (key == kErase && !typed_->empty())
    typed_->pop_back();
  else if (printable(key))
    typed_->push_back(static_cast<char>(key));
}

void View::sort_by_next() {
  const std::vector<std::string> keys = sort_keys();
  const auto next = std::ranges::find(keys, selection_.sort) + 1;
  selection_.sort = next == keys.end() ? keys.front() : *next;
}

std::string View::footer() const {
  if (typed_) return fmt::format("filter by command: {}_  Enter: apply  Esc: leave", *typed_);
  const std::string& filter = selection_.command;
  return fmt::format("q: quit  s: sort ({})  f: filter ({})  w: {}", selection_.sort,
                     filter.empty() ? "none" : filter, workers_ ? "instances" : "workers");
}

}  // namespace top
