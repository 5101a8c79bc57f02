// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <xpoll/xpoll.h>

#include <array>
#include <cstdint>
#include <span>

#include "epoll.h"
#include "tools/util/checked.h"

namespace bench {

/// An xpoll instance, made through the library.
class Xpoll {
 public:
  static constexpr const char* kName = "xpoll";

  int add(int fd, std::uint32_t events) { return control(EPOLL_CTL_ADD, fd, events); }
  int mod(int fd, std::uint32_t events) { return control(EPOLL_CTL_MOD, fd, events); }
  int del(int fd) { return xpoll_ctl(instance_.get(), EPOLL_CTL_DEL, fd, nullptr); }
  int wait(int timeout_ms) {
    return xpoll_wait(instance_.get(), events_.data(), kMaxEvents, timeout_ms);
  }
  /// Stores the events in the caller's array, so several threads can wait at once.
  int wait(std::span<epoll_event> events, int timeout_ms) {
    return xpoll_wait(instance_.get(), events.data(), static_cast<int>(events.size()), timeout_ms);
  }
  int enter(struct xpoll_enter& call) { return xpoll_enter(instance_.get(), &call); }
  [[nodiscard]] int fd() const { return instance_.get(); }
  /// Descriptor of the event at `index` of the last wait.
  [[nodiscard]] int ready_fd(int index) const { return events_[index].data.fd; }

 private:
  int control(int op, int fd, std::uint32_t events) {
    epoll_event event{.events = events, .data = {.fd = fd}};
    return xpoll_ctl(instance_.get(), op, fd, &event);
  }

  xpoll::unique_fd instance_ = xpoll::checked_fd(xpoll_create1(EPOLL_CLOEXEC), "xpoll_create1");
  std::array<epoll_event, kMaxEvents> events_{};
};

}  // namespace bench
