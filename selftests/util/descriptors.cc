// SPDX-License-Identifier: GPL-2.0-only
#include "descriptors.h"

#include <poll.h>
#include <pty.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <termios.h>

#include <array>
#include <stdexcept>
#include <string>

namespace xpoll_test {
namespace {

void setCloexecNonblock(const Fd& fd) {
  checked(fcntl(fd.get(), F_SETFD, FD_CLOEXEC), "F_SETFD");
  checked(fcntl(fd.get(), F_SETFL, O_NONBLOCK), "F_SETFL");
}

}  // namespace

Pipe makePipe(int flags) {
  std::array<int, 2> fds{};
  checked(pipe2(fds.data(), flags), "pipe2");
  return {Fd(fds[0]), Fd(fds[1])};
}

Pty makePty() {
  int master = -1;
  int slave = -1;
  checked(openpty(&master, &slave, nullptr, nullptr, nullptr), "openpty");
  Pty pty{Fd(master), Fd(slave)};
  termios settings{};
  checked(tcgetattr(slave, &settings), "tcgetattr");
  cfmakeraw(&settings);
  checked(tcsetattr(slave, TCSANOW, &settings), "tcsetattr");
  setCloexecNonblock(pty.master);
  setCloexecNonblock(pty.slave);
  return pty;
}

Fd makeEventfd(unsigned int count) {
  return checkedFd(eventfd(count, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
}

Fd makeTimerfd() {
  return checkedFd(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), "timerfd_create");
}

void armTimerfd(const Fd& timer, std::chrono::nanoseconds after) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(after);
  itimerspec setting{};
  setting.it_value = {.tv_sec = seconds.count(), .tv_nsec = (after - seconds).count()};
  checked(timerfd_settime(timer.get(), 0, &setting, nullptr), "timerfd_settime");
}

Fd makeSignalfd(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  if (const int error = pthread_sigmask(SIG_BLOCK, &set, nullptr))
    throw std::system_error(error, std::generic_category(), "pthread_sigmask");
  return checkedFd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd");
}

void writeAll(const Fd& fd, std::string_view data) {
  while (!data.empty()) {
    const ssize_t written = TEMP_FAILURE_RETRY(write(fd.get(), data.data(), data.size()));
    if (written < 0) throw std::system_error(errno, std::generic_category(), "write");
    data.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::size_t drain(const Fd& fd) {
  std::array<char, 4096> buffer;
  std::size_t total = 0;
  for (;;) {
    const ssize_t count = TEMP_FAILURE_RETRY(read(fd.get(), buffer.data(), buffer.size()));
    if (count == 0) return total;
    if (count < 0) {
      if (errno == EAGAIN) return total;
      throw std::system_error(errno, std::generic_category(), "read");
    }
    total += static_cast<std::size_t>(count);
  }
}

bool isPeerGone(const Fd& fd) {
  pollfd request{.fd = fd.get(), .events = 0, .revents = 0};
  return checked(poll(&request, 1, 0), "poll") == 1 && (request.revents & (POLLHUP | POLLERR));
}

}  // namespace xpoll_test
