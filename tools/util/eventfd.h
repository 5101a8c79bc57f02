// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/eventfd.h>

#include "tools/util/checked.h"

namespace xpoll {

// Wakes with EPOLLIN, in the caller's context: the wake-up is complete when this returns.
inline void post(const unique_fd& eventfd, eventfd_t count = 1) {
  checked(eventfd_write(eventfd.get(), count), "eventfd_write");
}

// Wakes with EPOLLOUT. The descriptor must be readable.
inline eventfd_t take(const unique_fd& eventfd) {
  eventfd_t count = 0;
  checked(eventfd_read(eventfd.get(), &count), "eventfd_read");
  return count;
}

// Tells threads to end, even if a test fails half-way. Declare it after the threads.
class PostAtExit {
 public:
  explicit PostAtExit(const unique_fd& eventfd) : eventfd_(eventfd) {}
  PostAtExit(const PostAtExit&) = delete;
  PostAtExit& operator=(const PostAtExit&) = delete;
  ~PostAtExit() { eventfd_write(eventfd_.get(), 1); }

 private:
  const unique_fd& eventfd_;
};

}  // namespace xpoll
