// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>
#include <string>

namespace xpoll::vm {

/**
 * One line on stderr for a step that takes a while: "booting 6.1-amd64 ... 4.8 s".
 * On a terminal the time counts up while tick() is called; elsewhere a line is written each minute,
 * and the finished one.
 */
class Progress {
 public:
  explicit Progress(std::string what);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  /** `note` tells how far the step is, if that is known. */
  void tick(const std::string& note = {});
  /** Ends the line with the time it took and `note`. */
  void done(const std::string& note);

 private:
  [[nodiscard]] double seconds() const;
  bool another_minute();

  std::string what_;
  std::chrono::steady_clock::time_point start_;
  bool terminal_;
  int minutes_ = 0;  // told so far, where there is no terminal
  bool finished_ = false;
};

}  // namespace xpoll::vm
