// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <xpoll/ring.h>

#include <cstdint>
#include <vector>

#include "tools/util/checked.h"

namespace bench {

/// An xpoll instance whose events come through a ready ring.
class Ring {
 public:
  static constexpr const char* kName = "ring";
  static constexpr int kSlots = 4096;

  Ring() { xpoll::checked(xpoll_ring_map(fd(), &ring_), "xpoll_ring_map"); }
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring() { xpoll_ring_unmap(&ring_); }

  int add(int fd, std::uint32_t events) {
    xpoll_change change{};
    change.op = EPOLL_CTL_ADD;
    change.fd = fd;
    change.events = events;
    change.data = static_cast<__u64>(fd);
    struct xpoll_enter call {};
    call.changes = reinterpret_cast<std::uintptr_t>(&change);
    call.nchanges = 1;
    xpoll::checked(enter(call), "xpoll_enter");
    if (change.result < 0) return change.result;
    const auto place = static_cast<std::size_t>(fd);
    if (slots_.size() <= place) slots_.resize(place + 1);
    slots_[place] = change.result;
    return 0;
  }
  int enter(struct xpoll_enter& call) { return xpoll_enter(fd(), &call); }
  /// Takes all events that are in the ring, in place. Returns their number.
  int take_all() {
    xpoll_ring_walk walk = xpoll_ring_begin(&ring_);
    xpoll_ring_event event{};
    const std::uint32_t begin = walk.at;
    std::uint64_t sum = 0;
    while (xpoll_ring_next(&walk, &event)) sum += event.data;
    xpoll_ring_end(&walk);
    sum_ += sum;
    return static_cast<int>(walk.at - begin);
  }
  /// Takes one event, as one of many consumers. Returns their number.
  int take_one() {
    xpoll_ring_event event{};
    return xpoll_ring_take(&ring_, &event) ? 1 : 0;
  }
  /// Takes all events, after a system call only if there are none, or if some watch has to be
  /// asked.
  int wait(int timeout_ms) {
    entered_ = xpoll_ring_must_enter(&ring_);
    if (!entered_) {
      if (const int count = collect()) return count;
      entered_ = true;
    }
    const std::int64_t timeout = timeout_ms < 0 ? -1 : std::int64_t{timeout_ms} * 1'000'000;
    const int entries = xpoll_ring_wait(fd(), 1, timeout);
    return entries < 0 ? entries : collect();
  }
  /// Descriptor of the event at `index` of the last wait.
  [[nodiscard]] int ready_fd(int index) const { return ready_[static_cast<std::size_t>(index)]; }
  /// Whether the last wait made a system call.
  [[nodiscard]] bool entered() const { return entered_; }
  [[nodiscard]] int fd() const { return instance_.get(); }
  [[nodiscard]] int slot_of(int fd) const { return slots_[static_cast<std::size_t>(fd)]; }

 private:
  int collect() {
    xpoll_ring_walk walk = xpoll_ring_begin(&ring_);
    xpoll_ring_event event{};
    ready_.clear();
    while (xpoll_ring_next(&walk, &event)) ready_.push_back(static_cast<int>(event.data));
    xpoll_ring_end(&walk);
    return static_cast<int>(ready_.size());
  }

  xpoll::unique_fd instance_ =
      xpoll::checked_fd(xpoll_ring_create(kSlots, EPOLL_CLOEXEC), "xpoll_ring_create");
  struct xpoll_ring ring_ {};
  std::vector<int> slots_;  // by descriptor
  std::vector<int> ready_;
  bool entered_ = false;
  std::uint64_t sum_ = 0;  // the data is used
};

}  // namespace bench
