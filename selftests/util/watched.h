// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace xpoll::test {

// One watch, as the instance's fdinfo shows it.
struct Watch {
  int fd;
  std::uint32_t events;
  std::uint64_t data;
  long long pos;
  unsigned long inode;
  unsigned device;
};

// The "tfd:" lines of /proc/self/fdinfo/EPFD, unchanged.
std::vector<std::string> fdinfo_lines(int epfd);
std::vector<Watch> watches_of(int epfd);
std::size_t watch_count(int epfd);

// Waits until nothing is watched. After another process has ended, the kernel may still be
// completing a last close.
void wait_until_nothing_watched(int epfd);

}  // namespace xpoll::test
