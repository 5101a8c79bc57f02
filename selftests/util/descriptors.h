// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_DESCRIPTORS_H
#define XPOLL_SELFTESTS_UTIL_DESCRIPTORS_H

#include <fcntl.h>

#include <chrono>
#include <csignal>
#include <string_view>

#include "fd.h"

namespace xpoll_test {

// Watched kinds that are no sockets. All are close-on-exec and non-blocking unless flags are given.

struct Pipe {
  Fd reader;
  Fd writer;
};
Pipe makePipe(int flags = O_CLOEXEC | O_NONBLOCK);

struct Pty {
  Fd master;
  Fd slave;
};
// Raw: bytes pass both ways as they are, with no line editing and no echo.
Pty makePty();

Fd makeEventfd(unsigned int count = 0);
Fd makeTimerfd();
// One expiry after this time; zero disarms.
void armTimerfd(const Fd& timer, std::chrono::nanoseconds after);
// The signal is blocked in the calling thread, as a signalfd needs.
Fd makeSignalfd(int signal);

void writeAll(const Fd& fd, std::string_view data);
// Reads what is there, until the read would block or ends; returns the number of bytes.
std::size_t drain(const Fd& fd);

// The other end is closed. Of a socket or the reading end of a pipe: POLLHUP; of the writing end:
// POLLERR.
bool isPeerGone(const Fd& fd);

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_DESCRIPTORS_H
