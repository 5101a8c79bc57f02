// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/terminal_guard.h"

#define NCURSES_NOMACROS
#include <ncurses.h>
// <term.h> needs <curses.h> before it.
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string_view>

namespace top {
namespace {

/// The signals whose default action ends the program, except SIGKILL, and SIGINT and SIGTERM, which
/// the program handles.
constexpr std::array kSignals{SIGHUP,  SIGQUIT, SIGILL,  SIGTRAP, SIGABRT,   SIGBUS,   SIGFPE,
                              SIGSEGV, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM,   SIGSYS,   SIGXCPU,
                              SIGXFSZ, SIGPROF, SIGPOLL, SIGPWR,  SIGVTALRM, SIGSTKFLT};

/// Global, because a signal handler gets no other data.
struct Restored {
  termios modes{};
  bool known = false;
  std::array<char, 256> text{};
  std::size_t length = 0;

  void append(const char* capability) {
    const char* sequence = tigetstr(const_cast<char*>(capability));
    if (sequence == nullptr || sequence == reinterpret_cast<char*>(-1)) return;
    const std::string_view added(sequence);
    if (length + added.size() <= text.size())
      length += added.copy(text.data() + length, added.size());
  }
};
Restored restored;

extern "C" void restore_and_die(int signal) {
  ssize_t ignored = write(STDOUT_FILENO, restored.text.data(), restored.length);
  static_cast<void>(ignored);
  if (restored.known) tcsetattr(STDIN_FILENO, TCSANOW, &restored.modes);
  // SA_RESETHAND has restored the default action, which runs when the handler returns.
  raise(signal);
}

}  // namespace

TerminalGuard::TerminalGuard() {
  restored = {};
  restored.known = tcgetattr(STDIN_FILENO, &restored.modes) == 0;
}

void TerminalGuard::arm() {
  // Show the cursor, reset attributes and keypad, and leave the alternate screen.
  for (const char* capability : {"cnorm", "sgr0", "rmkx", "rmcup"}) restored.append(capability);
  struct sigaction action {};
  action.sa_handler = restore_and_die;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : kSignals) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler == SIG_DFL) sigaction(signal, &action, nullptr);
  }
}

TerminalGuard::~TerminalGuard() {
  for (const int signal : kSignals) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler == restore_and_die) std::signal(signal, SIG_DFL);
  }
}

}  // namespace top
