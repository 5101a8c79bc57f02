// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <algorithm>
#include <ostream>
#include <span>
#include <vector>

#include "enter.h"

inline void PrintTo(const struct xpoll_event& event, std::ostream* out) {
  *out << std::hex << "{events 0x" << event.events << ", data 0x" << event.data << ", cookie 0x"
       << event.cookie << std::dec << ", amount " << event.amount << ", wakeups " << event.wakeups
       << ", time " << event.time_ns << "}";
}

namespace xpoll::test {

// XPOLL_IOC_ENTER for extended events, without a timeout. Tests change arguments.
class ExtendedWait {
 public:
  explicit ExtendedWait(int epfd, std::size_t room = 16) : events_(room), epfd_(epfd) {
    arguments.events = address(events_.data());
    arguments.maxevents = static_cast<int>(room);
    arguments.flags = XPOLL_ENTER_EXTENDED;
  }

  int call() {
    struct xpoll_event untouched {};
    untouched.events = kUntouched;
    std::fill(events_.begin(), events_.end(), untouched);
    result_ = ioctl(epfd_, XPOLL_IOC_ENTER, &arguments);
    return result_;
  }

  // What the last call delivered.
  std::span<const struct xpoll_event> events() const {
    return {events_.data(), result_ > 0 ? static_cast<std::size_t>(result_) : 0};
  }
  bool rest_is_untouched() const {
    return std::all_of(events_.begin() + std::max(result_, 0), events_.end(),
                       [](const struct xpoll_event& event) { return event.events == kUntouched; });
  }

  struct xpoll_enter arguments {};

 private:
  static constexpr __u16 kUntouched = 0xa5a5;

  std::vector<struct xpoll_event> events_;
  int epfd_;
  int result_ = 0;
};

// The events that are ready.
inline std::vector<struct xpoll_event> extended_events(int epfd) {
  ExtendedWait wait(epfd);
  wait.call();
  return {wait.events().begin(), wait.events().end()};
}

}  // namespace xpoll::test
