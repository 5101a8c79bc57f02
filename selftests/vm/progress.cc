// SPDX-License-Identifier: GPL-2.0-only
#include "progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

namespace xpoll::vm {

Progress::Progress(std::string what)
    : what_{std::move(what)},
      start_{std::chrono::steady_clock::now()},
      terminal_{::isatty(STDERR_FILENO) == 1} {
  if (terminal_) fmt::print(stderr, "{} ...", what_);
}

Progress::~Progress() {
  if (!finished_ && terminal_) fmt::print(stderr, "\n");
}

double Progress::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

bool Progress::another_minute() {
  if (seconds() < 60.0 * (minutes_ + 1)) return false;
  ++minutes_;
  return true;
}

void Progress::tick(const std::string& note) {
  if (finished_) return;
  const std::string suffix = note.empty() ? "" : fmt::format(", {}", note);
  if (terminal_) fmt::print(stderr, "\r{} ... {:.0f} s{}", what_, seconds(), suffix);
  if (!terminal_ && another_minute()) {
    fmt::print(stderr, "{} ... {:.0f} s{}\n", what_, seconds(), suffix);
  }
}

void Progress::done(const std::string& note) {
  finished_ = true;
  const std::string suffix = note.empty() ? "" : fmt::format(", {}", note);
  fmt::print(stderr, "{}{} ... {:.1f} s{}\n", terminal_ ? "\r" : "", what_, seconds(), suffix);
}

}  // namespace xpoll::vm
