// SPDX-License-Identifier: GPL-2.0-only
#include "watched.h"

#include <cstdio>
#include <fstream>
#include <stdexcept>

#include "tools/util/wait_until.h"

namespace xpoll::test {

std::vector<std::string> fdinfo_lines(int epfd) {
  std::ifstream file("/proc/self/fdinfo/" + std::to_string(epfd));
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("tfd:")) lines.push_back(line);
  }
  return lines;
}

std::vector<Watch> watches_of(int epfd) {
  constexpr int kFields = 6;
  std::vector<Watch> watches;
  for (const std::string& line : fdinfo_lines(epfd)) {
    Watch watch{};
    if (std::sscanf(line.c_str(), "tfd: %d events: %x data: %lx pos:%lli ino:%lx sdev:%x",
                    &watch.fd, &watch.events, &watch.data, &watch.pos, &watch.inode,
                    &watch.device) != kFields)
      throw std::runtime_error("fdinfo line of an unknown form: " + line);
    watches.push_back(watch);
  }
  return watches;
}

std::size_t watch_count(int epfd) { return watches_of(epfd).size(); }

void wait_until_nothing_watched(int epfd) {
  wait_until("nothing watched", [epfd] { return watches_of(epfd).empty(); });
}

}  // namespace xpoll::test
