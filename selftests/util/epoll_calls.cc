// SPDX-License-Identifier: GPL-2.0-only
#include "epoll_calls.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <filesystem>

#include "process.h"
#include "raw.h"
#include "tools/util/file.h"

namespace xpoll::test {

int set_process(std::uint32_t mode, std::uint32_t group, std::uint64_t key) {
  struct xpoll_process process {};
  process.mode = mode;
  process.group = group;
  process.key = key;
  return ioctl(open_device().get(), XPOLL_IOC_PROCESS, &process);
}

bool has_epoll_calls() { return module_features().features & XPOLL_FEATURE_EPOLL_CALLS; }

bool can_hook_epoll_calls() {
#ifdef __x86_64__
  return read_file("/proc/version").find("clang version") == std::string::npos;
#else
  return true;
#endif
}

bool is_instance(int fd) {
  return std::filesystem::read_symlink(fmt::format("/proc/self/fd/{}", fd)) == "anon_inode:[xpoll]";
}

bool creates_instances() {
  return is_instance(checked_fd(epoll_create1(EPOLL_CLOEXEC), "epoll_create1").get());
}

int in_opted_process(const std::function<int()>& body) {
  Process child([&body] {
    checked(set_process(XPOLL_PROCESS_XPOLL), "XPOLL_IOC_PROCESS");
    return body();
  });
  return child.join();
}

}  // namespace xpoll::test
