// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <fcntl.h>
#include <linux/xpoll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#include <cstdint>

#include "each_backend.h"
#include "tools/util/checked.h"

namespace xpoll::test {

// xpoll's calls without the library.

inline std::uint64_t address(const void* pointer) {
  return reinterpret_cast<std::uintptr_t>(pointer);
}

inline unique_fd open_device() { return checked_fd(open(kDevice, O_RDWR | O_CLOEXEC), kDevice); }

// What the module says of itself.
inline struct xpoll_features module_features() {
  struct xpoll_features features {};
  checked(ioctl(open_device().get(), XPOLL_IOC_FEATURES, &features), "XPOLL_IOC_FEATURES");
  return features;
}

// Valid arguments of a wait that does not block. Tests change one of them.
inline struct xpoll_wait wait_arguments(epoll_event* events, int maxevents) {
  struct xpoll_wait arguments {};
  arguments.events = address(events);
  arguments.maxevents = maxevents;
  return arguments;
}

inline struct xpoll_ctl ctl_arguments(int op, int fd, const epoll_event* event) {
  struct xpoll_ctl arguments {};
  arguments.op = op;
  arguments.fd = fd;
  arguments.event = address(event);
  return arguments;
}

// The number of a command whose argument structure is this much larger.
constexpr unsigned long with_size(unsigned long command, int more_bytes) {
  return _IOC(_IOC_DIR(command), _IOC_TYPE(command), _IOC_NR(command),
              _IOC_SIZE(command) + static_cast<unsigned long>(more_bytes));
}

constexpr unsigned long with_direction(unsigned long command, unsigned long direction) {
  return _IOC(direction, _IOC_TYPE(command), _IOC_NR(command), _IOC_SIZE(command));
}

}  // namespace xpoll::test
