// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>
#include <string>

namespace xpoll::vm {

/**
 * One line on stderr for a step that takes a while: "booting 6.1-amd64 ... 4.8 s".
 * On a terminal the time counts up while tick() is called; elsewhere only the finished line is
 * written.
 */
class Progress {
 public:
  explicit Progress(std::string what);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  void tick();
  /** Ends the line with the time it took and `note`. */
  void done(const std::string& note);

 private:
  [[nodiscard]] double seconds() const;

  std::string what_;
  std::chrono::steady_clock::time_point start_;
  bool terminal_;
  bool finished_ = false;
};

}  // namespace xpoll::vm
