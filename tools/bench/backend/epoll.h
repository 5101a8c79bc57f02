// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <span>

#include "tools/util/checked.h"

namespace bench {

constexpr int kMaxEvents = 1024;

/// An instance of native epoll.
class Epoll {
 public:
  static constexpr const char* kName = "epoll";

  int add(int fd, std::uint32_t events) { return control(EPOLL_CTL_ADD, fd, events); }
  int mod(int fd, std::uint32_t events) { return control(EPOLL_CTL_MOD, fd, events); }
  int del(int fd) { return epoll_ctl(instance_.get(), EPOLL_CTL_DEL, fd, nullptr); }
  int wait(int timeout_ms) {
    return epoll_wait(instance_.get(), events_.data(), kMaxEvents, timeout_ms);
  }
  /// Stores the events in the caller's array, so several threads can wait at once.
  int wait(std::span<epoll_event> events, int timeout_ms) {
    return epoll_wait(instance_.get(), events.data(), static_cast<int>(events.size()), timeout_ms);
  }
  int ctl(int op, epoll_event& event) {
    return epoll_ctl(instance_.get(), op, event.data.fd, &event);
  }
  [[nodiscard]] int fd() const { return instance_.get(); }
  /// Descriptor of the event at `index` of the last wait.
  [[nodiscard]] int ready_fd(int index) const { return events_[index].data.fd; }

 private:
  int control(int op, int fd, std::uint32_t events) {
    epoll_event event{.events = events, .data = {.fd = fd}};
    return epoll_ctl(instance_.get(), op, fd, &event);
  }

  xpoll::unique_fd instance_ = xpoll::checked_fd(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  std::array<epoll_event, kMaxEvents> events_{};
};

}  // namespace bench
