// SPDX-License-Identifier: GPL-2.0-only
#include "watch_limit.h"

#include <fcntl.h>

#include <fstream>
#include <stdexcept>
#include <string>

namespace xpoll {
namespace {

void set_watch_limit(Backend backend, std::int64_t limit) {
  const char* path = watch_limit_path(backend);
  const unique_fd file = checked_fd(open(path, O_WRONLY | O_CLOEXEC), path);
  const std::string text = std::to_string(limit);
  checked(static_cast<int>(write(file.get(), text.data(), text.size())), path);
}

}  // namespace

const char* watch_limit_path(Backend backend) {
  return backend.is_xpoll() ? "/sys/module/xpoll/parameters/max_user_watches"
                            : "/proc/sys/fs/epoll/max_user_watches";
}

std::int64_t watch_limit(Backend backend) {
  const std::string path = watch_limit_path(backend);
  std::ifstream file(path);
  std::int64_t limit = 0;
  if (!(file >> limit)) throw std::runtime_error("no number in " + path);
  return limit;
}

ScopedWatchLimit::ScopedWatchLimit(Backend backend, std::int64_t limit)
    : backend_(backend), saved_(watch_limit(backend)) {
  set_watch_limit(backend_, limit);
}

ScopedWatchLimit::~ScopedWatchLimit() { set_watch_limit(backend_, saved_); }

}  // namespace xpoll
