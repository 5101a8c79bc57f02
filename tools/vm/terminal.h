// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <termios.h>

#include <optional>

#include "job.h"

namespace xpoll::vm {

/** Restores the terminal's mode, because QEMU makes it raw and may be killed. */
class TerminalKeeper {
 public:
  TerminalKeeper();
  TerminalKeeper(const TerminalKeeper&) = delete;
  TerminalKeeper& operator=(const TerminalKeeper&) = delete;
  ~TerminalKeeper();

 private:
  std::optional<termios> saved_;
};

/** The terminal on standard input. Throws if it is not a terminal. */
Terminal current_terminal();

}  // namespace xpoll::vm
