// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace top {

/// While it lives, a signal that ends the program without asking it, as a fault does, puts the
/// terminal back first. What goes with a program's orderly end is left to that.
class TerminalGuard final {
 public:
  /// Takes down how the terminal is: to be made before anything changes that.
  TerminalGuard();
  TerminalGuard(const TerminalGuard&) = delete;
  TerminalGuard& operator=(const TerminalGuard&) = delete;
  ~TerminalGuard();

  /// The terminal's type is known from now on, and how to leave its other screen.
  void arm();
};

}  // namespace top
