// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/screen_display.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <utility>

#include "probes/top/page.h"
#include "probes/top/table.h"
#include "probes/util/signals.h"
#include "probes/util/terminal.h"

namespace top {
namespace {

/// Readable without input: the terminal is gone.
bool hung_up() {
  int waiting = 0;
  return ioctl(STDIN_FILENO, FIONREAD, &waiting) < 0;
}

}  // namespace

ScreenDisplay::ScreenDisplay(const Options& options)
    : screen_(std::in_place),
      signals_(probes::descriptor_of({SIGWINCH, SIGHUP, SIGQUIT})),
      view_(options.selection.sort, options.workers),
      message_("loading BPF programs ...") {
  draw();
}

void ScreenDisplay::begin(const Watched& watched, std::vector<std::string> notes) {
  watched_ = watched;
  notes_ = std::move(notes);
  message_ = "watching; the first figures appear after one interval";
  draw();
}

void ScreenDisplay::show(Interval interval) {
  interval_ = std::move(interval);
  draw();
}

void ScreenDisplay::end(const Total& total) {
  screen_.reset();
  for (const std::string& note : notes_) fmt::print(stderr, "xpoll-top: {}\n", note);
  const int columns = probes::Terminal(stdout).columns();
  fmt::print("{}", table(total, watched_, static_cast<std::size_t>(columns)));
}

std::array<int, 2> ScreenDisplay::descriptors() const { return {STDIN_FILENO, signals_.get()}; }

bool ScreenDisplay::attend() {
  while (const std::optional<int> signal = probes::take_signal(signals_.get()))
    if (*signal != SIGWINCH) return false;
  if (hung_up()) return false;
  while (const std::optional<int> key = screen_->key())
    if (view_.press(*key) == View::Answer::quit) return false;
  draw();
  return true;
}

void ScreenDisplay::draw() {
  const Size size = screen_->size();
  screen_->draw(interval_ ? page(*interval_, watched_, notes_, view_, size)
                          : page(message_, view_.footer(), size));
}

}  // namespace top
