// SPDX-License-Identifier: GPL-2.0-only
#include "progress.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

namespace xpoll::vm {

namespace {

constexpr std::chrono::milliseconds kTerminalTick{500};
constexpr std::chrono::seconds kLogTick{30};

/** A longer line would wrap, and "\r" returns only to the start of the last row. */
size_t terminal_width() {
  constexpr size_t kDefault = 80;
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0) return kDefault;
  return size.ws_col;
}

/** Signals must go to the thread that waits for them. */
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

Progress::Progress(std::string what, Note note)
    : what_{std::move(what)},
      start_{std::chrono::steady_clock::now()},
      terminal_{::isatty(STDERR_FILENO) == 1},
      note_{std::move(note)},
      thread_{[this](const std::stop_token& stop) { count_up(stop); }} {}

Progress::~Progress() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  if (terminal_) fmt::print(stderr, "\n");
}

double Progress::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void Progress::show(const std::string& note) const {
  const std::string line =
      fmt::format("{} ... {:.0f} s{}{}", what_, seconds(), note.empty() ? "" : ", ", note);
  if (terminal_) {
    fmt::print(stderr, "\r\033[K{:.{}}", line, terminal_width() - 1);
  } else {
    fmt::print(stderr, "{}\n", line);
  }
}

void Progress::count_up(const std::stop_token& stop) {
  block_signals();
  const std::chrono::milliseconds tick = terminal_ ? kTerminalTick : kLogTick;
  std::unique_lock lock{mutex_};
  if (terminal_) show("");
  while (!stop.stop_requested()) {
    stopped_.wait_for(lock, stop, tick, [] { return false; });
    if (!stop.stop_requested()) show(note_ ? note_() : "");
  }
}

void Progress::note(Note note) {
  const std::lock_guard lock{mutex_};
  note_ = std::move(note);
}

void Progress::note(std::string text) {
  note([text = std::move(text)] { return text; });
}

void Progress::done(const std::string& note) {
  thread_.request_stop();
  thread_.join();
  fmt::print(stderr, "{}{} ... {:.1f} s{}{}\n", terminal_ ? "\r\033[K" : "", what_, seconds(),
             note.empty() ? "" : ", ", note);
}

}  // namespace xpoll::vm
