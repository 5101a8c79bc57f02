// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <span>
#include <vector>

#include "raw.h"

namespace xpoll::test {

// What xpoll_change.result is before the call.
inline constexpr int kNoResult = 12345;

// The event's data is the descriptor unless given.
inline struct xpoll_change change_of(int op, int fd, std::uint32_t events, std::uint64_t data) {
  struct xpoll_change change {};
  change.op = static_cast<__u16>(op);
  change.fd = fd;
  change.events = events;
  change.result = kNoResult;
  change.data = data;
  return change;
}
inline struct xpoll_change change_of(int op, int fd, std::uint32_t events = 0) {
  return change_of(op, fd, events, static_cast<std::uint64_t>(fd));
}

// XPOLL_IOC_ENTER with arguments that are valid and do not block. Tests change some of them.
class Enter {
 public:
  explicit Enter(int epfd, std::vector<struct xpoll_change> changes = {}, std::size_t room = 16)
      : changes(std::move(changes)), events_(room), epfd_(epfd) {
    arguments.events = address(events_.data());
    arguments.maxevents = static_cast<int>(room);
    arguments.done = arguments.failed = kNoCount;
  }

  int call() {
    if (!elsewhere_) {
      arguments.changes = address(changes.data());
      arguments.nchanges = static_cast<__u32>(changes.size());
    }
    result_ = ioctl(epfd_, XPOLL_IOC_ENTER, &arguments);
    return result_;
  }

  // The changes are where arguments.changes says.
  void put_changes(const struct xpoll_change* where, std::size_t count) {
    arguments.changes = address(where);
    arguments.nchanges = static_cast<__u32>(count);
    elsewhere_ = true;
  }

  // What the last call delivered.
  std::span<const epoll_event> events() const {
    return {events_.data(), result_ > 0 ? static_cast<std::size_t>(result_) : 0};
  }
  std::vector<int> results() const {
    std::vector<int> results;
    for (const struct xpoll_change& change : changes) results.push_back(change.result);
    return results;
  }

  // What done and failed are before the call.
  static constexpr __u32 kNoCount = 0xa5a5'a5a5;

  struct xpoll_enter arguments {};
  std::vector<struct xpoll_change> changes;

 private:
  std::vector<epoll_event> events_;
  int epfd_;
  int result_ = 0;
  bool elsewhere_ = false;
};

}  // namespace xpoll::test
