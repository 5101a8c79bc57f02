// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <stdexcept>
#include <string>

namespace run {

/// Exit statuses for failures before the program runs, as in env(1) and nohup(1).
enum class Status {
  refused = 125,         ///< xpoll-run failed, or the program can't run on xpoll
  not_executable = 126,  ///< the program was found but can't be executed
  not_found = 127,
};

/// The reason why the program does not run, and the exit status.
class Failure : public std::runtime_error {
 public:
  Failure(Status status, const std::string& what) : std::runtime_error(what), status_(status) {}

  [[nodiscard]] int status() const { return static_cast<int>(status_); }

 private:
  Status status_;
};

}  // namespace run
