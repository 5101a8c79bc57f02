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
 * One line on stderr for a step that takes a while: "booting 6.1-amd64 ... 4.8 s".
 * On a terminal it counts up by itself, whatever the caller waits for; elsewhere a line is written
 * every half minute. The last one says how long the step took. One at a time.
 */
class Progress {
 public:
  /** How far the step is. Called by a thread of its own until the next note(). */
  using Note = std::function<std::string()>;

  explicit Progress(std::string what, Note note = {});
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  void note(Note note);
  void note(std::string text);
  /** Ends the line with the time it took and `note`. */
  void done(const std::string& note = {});

 private:
  void count_up(const std::stop_token& stop);
  void show(const std::string& note) const;
  [[nodiscard]] double seconds() const;

  std::string what_;
  std::chrono::steady_clock::time_point start_;
  bool terminal_;
  std::mutex mutex_;  // of what follows
  std::condition_variable_any stopped_;
  Note note_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace xpoll::vm
