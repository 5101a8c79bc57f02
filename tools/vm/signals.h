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

/** While it lives, INT, TERM and HUP make a descriptor readable instead of ending the process. */
class SignalGuard {
 public:
  SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;
  ~SignalGuard();

  [[nodiscard]] int fd() const { return fd_.get(); }
  /** Call it when fd() is readable. */
  [[noreturn]] void raise() const;

 private:
  unique_fd fd_;
};

}  // namespace xpoll::vm
