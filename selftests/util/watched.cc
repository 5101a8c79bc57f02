// SPDX-License-Identifier: GPL-2.0-only
#include "watched.h"

#include <cstdio>
#include <fstream>
#include <stdexcept>

#include "wait_until.h"

namespace xpoll_test {

std::vector<std::string> fdinfoLines(int epfd) {
  std::ifstream file("/proc/self/fdinfo/" + std::to_string(epfd));
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("tfd:")) lines.push_back(line);
  }
  return lines;
}

std::vector<Watch> watchesOf(int epfd) {
  constexpr int kFields = 6;
  std::vector<Watch> watches;
  for (const std::string& line : fdinfoLines(epfd)) {
    Watch watch{};
    if (std::sscanf(line.c_str(), "tfd: %d events: %x data: %lx pos:%lli ino:%lx sdev:%x",
                    &watch.fd, &watch.events, &watch.data, &watch.pos, &watch.inode,
                    &watch.device) != kFields)
      throw std::runtime_error("fdinfo line of an unknown form: " + line);
    watches.push_back(watch);
  }
  return watches;
}

void waitUntilNothingWatched(int epfd) {
  waitUntil("nothing watched", [epfd] { return watchesOf(epfd).empty(); });
}

}  // namespace xpoll_test
