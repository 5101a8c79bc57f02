// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_WATCHED_H
#define XPOLL_SELFTESTS_UTIL_WATCHED_H

#include <cstdint>
#include <string>
#include <vector>

namespace xpoll_test {

// One watch as the instance's fdinfo tells it.
struct Watch {
  int fd;
  std::uint32_t events;
  std::uint64_t data;
  long long pos;
  unsigned long inode;
  unsigned device;
};

// The "tfd:" lines of /proc/self/fdinfo/EPFD as they stand.
std::vector<std::string> fdinfoLines(int epfd);
std::vector<Watch> watchesOf(int epfd);

// Waits until nothing is watched: the kernel may finish a last close of another process after we
// learn of it.
void waitUntilNothingWatched(int epfd);

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_WATCHED_H
