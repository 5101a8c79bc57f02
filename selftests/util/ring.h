// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/mman.h>
#include <xpoll/ring.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "enter.h"
#include "matchers.h"
#include "tools/util/checked.h"

// In the namespace of the struct, because GoogleTest uses argument-dependent lookup.
inline void PrintTo(const struct xpoll_ring_event& event, std::ostream* out) {
  *out << std::hex << "{events 0x" << event.events << ", data 0x" << event.data << std::dec
       << ", slot " << event.slot << "}";
}

namespace xpoll::test {

inline struct xpoll_create_ring ring_arguments(std::uint32_t slots) {
  struct xpoll_create_ring arguments {};
  arguments.flags = XPOLL_CLOEXEC;
  arguments.slots = slots;
  return arguments;
}

// Matches one event of a ring: exactly these bits and this data.
MATCHER_P2(RingEvent, data, bits,
           "has data " + testing::PrintToString(data) + " and bits " +
               testing::PrintToString(bits)) {
  return arg.events == static_cast<std::uint32_t>(bits) &&
         arg.data == static_cast<std::uint64_t>(data);
}

// An instance with a mapped ready ring.
class RingInstance {
 public:
  explicit RingInstance(std::uint32_t slots = 64)
      : fd_(checked_fd(xpoll_ring_create(slots, EPOLL_CLOEXEC), "xpoll_ring_create")) {
    checked(xpoll_ring_map(fd_.get(), &ring_), "xpoll_ring_map");
  }
  RingInstance(const RingInstance&) = delete;
  RingInstance& operator=(const RingInstance&) = delete;
  ~RingInstance() { xpoll_ring_unmap(&ring_); }

  int get() const { return fd_.get(); }
  const unique_fd& fd() const { return fd_; }
  void close() { fd_.reset(); }
  const struct xpoll_ring* ring() const { return &ring_; }
  struct xpoll_ring_header& header() const {
    return *ring_.header;
  }
  std::uint32_t& bits(std::uint32_t slot) const { return ring_.slots[slot].bits; }
  bool must_enter() const { return xpoll_ring_must_enter(&ring_); }

  // The result of a single change: a slot, 0, or -1 with errno.
  int change(int op, int fd, std::uint32_t events, std::uint64_t data, unsigned flags = 0) const {
    Enter call(get(), {change_of(op, fd, events, data)}, 0);
    call.changes[0].flags = static_cast<__u16>(flags);
    if (call.call() < 0) return -1;
    if (call.changes[0].result >= 0) return call.changes[0].result;
    errno = -call.changes[0].result;
    return -1;
  }
  int add(const unique_fd& fd, std::uint32_t events) const {
    return change(EPOLL_CTL_ADD, fd.get(), events, static_cast<std::uint64_t>(fd.get()));
  }
  int mod_slot(int slot, std::uint32_t events, std::uint64_t data) const {
    return change(EPOLL_CTL_MOD, slot, events, data, XPOLL_CHANGE_SLOT);
  }
  int del_slot(int slot) const { return change(EPOLL_CTL_DEL, slot, 0, 0, XPOLL_CHANGE_SLOT); }

  int enter(std::uint32_t minevents = 0, std::int64_t timeout_ns = 0) const {
    return xpoll_ring_wait(get(), minevents, timeout_ns);
  }

  // Everything that is in the ring, without a system call.
  std::vector<struct xpoll_ring_event> take() const {
    std::vector<struct xpoll_ring_event> events;
    struct xpoll_ring_event event {};
    while (xpoll_ring_take(&ring_, &event)) events.push_back(event);
    return events;
  }

 private:
  unique_fd fd_;
  struct xpoll_ring ring_ {};
};

}  // namespace xpoll::test
