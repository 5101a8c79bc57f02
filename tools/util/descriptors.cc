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

#include "wait_until.h"

namespace xpoll {
namespace {

void set_cloexec_nonblock(const unique_fd& fd) {
  checked(fcntl(fd.get(), F_SETFD, FD_CLOEXEC), "F_SETFD");
  checked(fcntl(fd.get(), F_SETFL, O_NONBLOCK), "F_SETFL");
}

}  // namespace

Pipe make_pipe(int flags) {
  std::array<int, 2> fds{};
  checked(pipe2(fds.data(), flags), "pipe2");
  return {unique_fd(fds[0]), unique_fd(fds[1])};
}

Pty make_pty() {
  int master = -1;
  int slave = -1;
  checked(openpty(&master, &slave, nullptr, nullptr, nullptr), "openpty");
  Pty pty{unique_fd(master), unique_fd(slave)};
  termios settings{};
  checked(tcgetattr(slave, &settings), "tcgetattr");
  cfmakeraw(&settings);
  checked(tcsetattr(slave, TCSANOW, &settings), "tcsetattr");
  set_cloexec_nonblock(pty.master);
  set_cloexec_nonblock(pty.slave);
  return pty;
}

void wait_until_readable(const unique_fd& fd) {
  wait_until("a descriptor is readable", [&] {
    pollfd request{.fd = fd.get(), .events = POLLIN, .revents = 0};
    return checked(poll(&request, 1, 0), "poll") == 1;
  });
}

unique_fd make_eventfd(unsigned int count) {
  return checked_fd(eventfd(count, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
}

unique_fd make_timerfd() {
  return checked_fd(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), "timerfd_create");
}

void arm_timerfd(const unique_fd& timer, std::chrono::nanoseconds after) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(after);
  itimerspec setting{};
  setting.it_value = {.tv_sec = seconds.count(), .tv_nsec = (after - seconds).count()};
  checked(timerfd_settime(timer.get(), 0, &setting, nullptr), "timerfd_settime");
}

unique_fd make_signalfd(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  if (const int error = pthread_sigmask(SIG_BLOCK, &set, nullptr))
    throw std::system_error(error, std::generic_category(), "pthread_sigmask");
  return checked_fd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd");
}

unique_fd duplicate(const unique_fd& fd) { return checked_fd(dup(fd.get()), "dup"); }

void write_all(const unique_fd& fd, std::string_view data) {
  while (!data.empty()) {
    const ssize_t written = TEMP_FAILURE_RETRY(write(fd.get(), data.data(), data.size()));
    if (written < 0) throw std::system_error(errno, std::generic_category(), "write");
    data.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::size_t drain(const unique_fd& fd) {
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

bool is_peer_gone(const unique_fd& fd) {
  pollfd request{.fd = fd.get(), .events = 0, .revents = 0};
  return checked(poll(&request, 1, 0), "poll") == 1 && (request.revents & (POLLHUP | POLLERR));
}

}  // namespace xpoll
