// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/screen.h"

// The ncurses macros clash with names of the standard library.
#define NCURSES_NOMACROS
#include <fmt/format.h>
#include <ncurses.h>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstdlib>

#include "probes/top/terminal_guard.h"
#include "probes/top/view.h"
#include "probes/util/terminal.h"
#include "probes/util/unavailable.h"

namespace top {
namespace {

/// How long to wait for the rest of a key that begins with Esc, in milliseconds.
constexpr int kEscapeDelay = 25;

chtype attribute_of(Style style) {
  switch (style) {
    case Style::plain:
      return A_NORMAL;
    case Style::bold:
      return A_BOLD;
    case Style::dim:
      return A_DIM;
    case Style::reverse:
      return A_REVERSE;
  }
  return A_NORMAL;
}

SCREEN* new_screen() {
  // Only for character widths: numbers keep their format.
  std::setlocale(LC_CTYPE, "");
  SCREEN* screen = newterm(nullptr, stdout, stdin);
  if (screen != nullptr) return screen;
  const char* type = std::getenv("TERM");
  throw probes::Unavailable(fmt::format("unknown terminal type '{}' (TERM)", type ? type : ""));
}

}  // namespace

class Screen::Session {
 public:
  Session() : screen_(new_screen()) {
    guard_.arm();
    cbreak();
    noecho();
    nonl();
    curs_set(0);
    set_escdelay(kEscapeDelay);
    keypad(stdscr, true);
    nodelay(stdscr, true);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    endwin();
    delscreen(screen_);
  }

 private:
  TerminalGuard guard_;
  SCREEN* screen_;
};

Screen::Screen() : session_(std::make_unique<Session>()) {}
Screen::~Screen() = default;

Size Screen::size() const {
  const probes::Terminal terminal(stdout);
  return {static_cast<std::size_t>(terminal.rows()), static_cast<std::size_t>(terminal.columns())};
}

void Screen::draw(const std::vector<Line>& lines) {
  const probes::Terminal terminal(stdout);
  if (terminal.rows() != LINES || terminal.columns() != COLS)
    resizeterm(terminal.rows(), terminal.columns());
  werase(stdscr);
  int row = 0;
  for (const Line& line : lines) {
    wattrset(stdscr, static_cast<int>(attribute_of(line.style)));
    wmove(stdscr, row++, 0);
    waddnstr(stdscr, line.text.data(), static_cast<int>(line.text.size()));
  }
  wrefresh(stdscr);
}

std::optional<int> Screen::key() {
  switch (const int key = wgetch(stdscr)) {
    case ERR:
      return std::nullopt;
    case KEY_BACKSPACE:
    case '\b':
      return kErase;
    case KEY_ENTER:
    case '\r':
      return kEnter;
    default:
      return key;
  }
}

}  // namespace top
