// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <stdexcept>
#include <xpoll/unique_fd.hpp>

namespace xpoll::vm {

/** The user or the system asked the runner to stop. */
class Interrupted : public std::runtime_error {
 public:
  explicit Interrupted(int signal);
  [[nodiscard]] int signal() const { return signal_; }

 private:
  int signal_;
};

/** While it lives, INT, TERM and HUP do not end the process but make a descriptor readable. */
class SignalGuard {
 public:
  SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;
  ~SignalGuard();

  [[nodiscard]] int fd() const { return fd_.get(); }
  /** To be called when fd() is readable. */
  [[noreturn]] void raise() const;

 private:
  unique_fd fd_;
};

}  // namespace xpoll::vm
