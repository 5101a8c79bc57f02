// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <stdexcept>
#include <string>

namespace run {

/// Exit statuses of our own, where the program did not run: those of env(1), nohup(1) and the like.
enum class Status {
  refused = 125,         ///< xpoll-run itself failed, or the program can't run on xpoll
  not_executable = 126,  ///< the program was found but can't be run
  not_found = 127,
};

/// Why the program is not run, and what to exit with.
class Failure : public std::runtime_error {
 public:
  Failure(Status status, const std::string& what) : std::runtime_error(what), status_(status) {}

  [[nodiscard]] int status() const { return static_cast<int>(status_); }

 private:
  Status status_;
};

}  // namespace run
