// SPDX-License-Identifier: GPL-2.0-only
#include "epoll_calls.h"

#include <fcntl.h>

#include "tools/util/checked.h"

namespace xpoll::test {

void set_epoll_calls(const std::string& value) {
  const std::string path = "/sys/module/xpoll/parameters/epoll_calls";
  const unique_fd file = checked_fd(open(path.c_str(), O_WRONLY | O_CLOEXEC), path);
  checked(static_cast<int>(write(file.get(), value.data(), value.size())), path + " = " + value);
}

}  // namespace xpoll::test
