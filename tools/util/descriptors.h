// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <fcntl.h>

#include <chrono>
#include <csignal>
#include <string_view>

#include "tools/util/checked.h"

namespace xpoll {

// Watched kinds that are no sockets. All are close-on-exec and non-blocking unless flags are given.

struct Pipe {
  unique_fd reader;
  unique_fd writer;
};
Pipe make_pipe(int flags = O_CLOEXEC | O_NONBLOCK);

struct Pty {
  unique_fd master;
  unique_fd slave;
};
// Raw: bytes pass both ways as they are, with no line editing and no echo.
Pty make_pty();

unique_fd make_eventfd(unsigned int count = 0);
unique_fd make_timerfd();
// One expiry after this time; zero disarms.
void arm_timerfd(const unique_fd& timer, std::chrono::nanoseconds after);
// The signal is blocked in the calling thread, as a signalfd needs.
unique_fd make_signalfd(int signal);

unique_fd duplicate(const unique_fd& fd);
void write_all(const unique_fd& fd, std::string_view data);
// Reads what is there, until the read would block or ends; returns the number of bytes.
std::size_t drain(const unique_fd& fd);

// The other end is closed. Of a socket or the reading end of a pipe: POLLHUP; of the writing end:
// POLLERR.
bool is_peer_gone(const unique_fd& fd);

}  // namespace xpoll
