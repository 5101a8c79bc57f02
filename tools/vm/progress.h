// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace xpoll::vm {

/**
 * One line on stderr for a long step: "booting 6.1-amd64 ... 4.8 s". On a terminal a thread updates
 * it while the caller waits; elsewhere it prints a line every half minute. The last line has the
 * total time. Only one object may exist.
 */
class Progress {
 public:
  /** The current state of the step. A thread calls it until the next note(). */
  using Note = std::function<std::string()>;

  explicit Progress(std::string what, Note note = {});
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  void note(Note note);
  void note(std::string text);
  /** Ends the line with the elapsed time and `note`. */
  void done(const std::string& note = {});

 private:
  void count_up(const std::stop_token& stop);
  void show(const std::string& note) const;
  [[nodiscard]] double seconds() const;

  std::string what_;
  std::chrono::steady_clock::time_point start_;
  bool terminal_;
  std::mutex mutex_;  // protects the members below
  std::condition_variable_any stopped_;
  Note note_;
  std::jthread thread_;  // last, because it uses the others
};

}  // namespace xpoll::vm
