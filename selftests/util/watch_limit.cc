// SPDX-License-Identifier: GPL-2.0-only
#include "watch_limit.h"

#include <fcntl.h>

#include <fstream>
#include <stdexcept>
#include <string>

namespace xpoll_test {
namespace {

void setWatchLimit(Backend backend, std::int64_t limit) {
  const char* path = watchLimitPath(backend);
  const Fd file = checkedFd(open(path, O_WRONLY | O_CLOEXEC), path);
  const std::string text = std::to_string(limit);
  checked(static_cast<int>(write(file.get(), text.data(), text.size())), path);
}

}  // namespace

const char* watchLimitPath(Backend backend) {
  return backend.isXpoll() ? "/sys/module/xpoll/parameters/max_user_watches"
                           : "/proc/sys/fs/epoll/max_user_watches";
}

std::int64_t watchLimit(Backend backend) {
  const std::string path = watchLimitPath(backend);
  std::ifstream file(path);
  std::int64_t limit = 0;
  if (!(file >> limit)) throw std::runtime_error("no number in " + path);
  return limit;
}

ScopedWatchLimit::ScopedWatchLimit(Backend backend, std::int64_t limit)
    : backend_(backend), saved_(watchLimit(backend)) {
  setWatchLimit(backend_, limit);
}

ScopedWatchLimit::~ScopedWatchLimit() { setWatchLimit(backend_, saved_); }

}  // namespace xpoll_test
