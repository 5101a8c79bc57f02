// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <fcntl.h>

#include <chrono>
#include <csignal>
#include <string_view>

#include "tools/util/checked.h"

namespace xpoll {

// Descriptors to watch that are not sockets. All are close-on-exec and non-blocking unless flags
// are given.

struct Pipe {
  unique_fd reader;
  unique_fd writer;
};
Pipe make_pipe(int flags = O_CLOEXEC | O_NONBLOCK);

struct Pty {
  unique_fd master;
  unique_fd slave;
};
// In raw mode: bytes pass unchanged both ways, without line editing and echo.
Pty make_pty();

// Returns once poll(2) reports POLLIN, as for a packet that is on its way. Throws after kDeadline.
void wait_until_readable(const unique_fd& fd);

unique_fd make_eventfd(unsigned int count = 0);
unique_fd make_timerfd();
// Expires once after this time. Zero disarms the timer.
void arm_timerfd(const unique_fd& timer, std::chrono::nanoseconds after);
// Blocks the signal in the calling thread, as a signalfd needs.
unique_fd make_signalfd(int signal);

unique_fd duplicate(const unique_fd& fd);
void write_all(const unique_fd& fd, std::string_view data);
// Reads until the read would block or returns end of file. Returns the number of bytes.
std::size_t drain(const unique_fd& fd);

// Whether the other end is closed, which shows as POLLHUP on a socket or the read end of a pipe,
// and as POLLERR on the write end.
bool is_peer_gone(const unique_fd& fd);

}  // namespace xpoll
