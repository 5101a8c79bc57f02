// SPDX-License-Identifier: GPL-2.0-only
#include "probes/terminal_program.h"

#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

#include "probes/beside.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

constexpr unsigned short kRows = 24;
constexpr unsigned short kColumns = 80;

ChildSetup setup_with(const unique_fd& terminal, const std::function<void()>& prepare) {
  ChildSetup setup;
  setup.terminal = terminal.get();
  setup.environment = {"TERM=xterm-256color"};
  setup.before_exec = prepare;
  return setup;
}

}  // namespace

TerminalProgram::TerminalProgram(const std::string& name, const std::vector<std::string>& arguments,
                                 const std::function<void()>& prepare) {
  int master = -1;
  int slave = -1;
  const winsize size{.ws_row = kRows, .ws_col = kColumns, .ws_xpixel = 0, .ws_ypixel = 0};
  checked(openpty(&master, &slave, nullptr, nullptr, &size), "openpty");
  master_ = unique_fd(master);
  // Kept open, so that the output can be read after the program has ended.
  slave_ = unique_fd(slave);
  checked(fcntl(master, F_SETFL, O_NONBLOCK), "O_NONBLOCK");
  for (const int end : {master, slave}) checked(fcntl(end, F_SETFD, FD_CLOEXEC), "FD_CLOEXEC");
  before_ = modes();
  child_.emplace(beside_this_program(name, arguments), setup_with(slave_, prepare));
}

void TerminalProgram::wait_for(const std::string& text) {
  wait_until("'" + text + "' on the terminal", [&] {
    const bool last = ended();
    read();
    const std::size_t at = written_.find(text, seen_);
    if (at != std::string::npos) {
      seen_ = at + text.size();
      return true;
    }
    if (last) throw std::runtime_error("ended without '" + text + "': " + written_);
    return false;
  });
}

void TerminalProgram::type(const std::string& keys) const {
  checked(static_cast<int>(write(master_.get(), keys.data(), keys.size())), "typing");
}

void TerminalProgram::resize(unsigned short rows, unsigned short columns) const {
  const winsize size{.ws_row = rows, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  checked(ioctl(master_.get(), TIOCSWINSZ, &size), "TIOCSWINSZ");
}

void TerminalProgram::signal(int number) const { checked(kill(child_->pid(), number), "kill"); }

int TerminalProgram::join() {
  // Keep reading: a program that blocks in a write does not end.
  wait_until("end of the program", [this] {
    const bool last = ended();
    read();
    return last;
  });
  return child_->wait();
}

termios TerminalProgram::modes() const {
  termios modes{};
  checked(tcgetattr(master_.get(), &modes), "tcgetattr");
  return modes;
}

void TerminalProgram::read() {
  std::array<char, 4096> bytes{};
  ssize_t got = 0;
  while ((got = ::read(master_.get(), bytes.data(), bytes.size())) > 0)
    written_.append(bytes.data(), static_cast<std::size_t>(got));
}

}  // namespace xpoll::test
