// SPDX-License-Identifier: GPL-2.0-only
#include "terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace xpoll::vm {

TerminalKeeper::TerminalKeeper() {
  termios mode{};
  if (::tcgetattr(STDIN_FILENO, &mode) == 0) saved_ = mode;
}

TerminalKeeper::~TerminalKeeper() {
  if (saved_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &*saved_);
}

Terminal current_terminal() {
  winsize size{};
  if (::isatty(STDIN_FILENO) != 1 || ::ioctl(STDIN_FILENO, TIOCGWINSZ, &size) < 0) {
    throw std::runtime_error("a shell needs a terminal on standard input");
  }
  const char* type = std::getenv("TERM");
  // A terminal of unknown size reports 0, for example that of script(1) with a pipe as input.
  return {type != nullptr ? type : "vt100", size.ws_row != 0 ? size.ws_row : 24,
          size.ws_col != 0 ? size.ws_col : 80};
}

}  // namespace xpoll::vm
