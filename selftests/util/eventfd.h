// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_EVENTFD_H
#define XPOLL_SELFTESTS_UTIL_EVENTFD_H

#include <sys/eventfd.h>

#include "fd.h"

namespace xpoll_test {

// Wakes with EPOLLIN, in the caller's context: who is woken is woken when this returns.
inline void post(const Fd& eventfd, eventfd_t count = 1) {
  checked(eventfd_write(eventfd.get(), count), "eventfd_write");
}

// Wakes with EPOLLOUT. The descriptor must be readable.
inline eventfd_t take(const Fd& eventfd) {
  eventfd_t count = 0;
  checked(eventfd_read(eventfd.get(), &count), "eventfd_read");
  return count;
}

// Tells threads to end, also when a test fails half-way: declared after them.
class PostAtExit {
 public:
  explicit PostAtExit(const Fd& eventfd) : eventfd_(eventfd) {}
  PostAtExit(const PostAtExit&) = delete;
  PostAtExit& operator=(const PostAtExit&) = delete;
  ~PostAtExit() { eventfd_write(eventfd_.get(), 1); }

 private:
  const Fd& eventfd_;
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_EVENTFD_H
