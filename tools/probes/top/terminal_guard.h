// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace top {

/// While it lives, a fatal signal such as SIGSEGV restores the terminal before it ends the program.
/// An orderly exit restores the terminal by itself.
class TerminalGuard final {
 public:
  /// Records the terminal's state. Create it before anything changes that state.
  TerminalGuard();
  TerminalGuard(const TerminalGuard&) = delete;
  TerminalGuard& operator=(const TerminalGuard&) = delete;
  ~TerminalGuard();

  /// From now on the terminal type is known, and so is how to leave the alternate screen.
  void arm();
};

}  // namespace top
