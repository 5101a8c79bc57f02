// SPDX-License-Identifier: MIT
#ifndef EXAMPLES_HTTP_RING_LOOP_HPP
#define EXAMPLES_HTTP_RING_LOOP_HPP

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>
#include <xpoll/ring_poller.hpp>

namespace example {

/// Something that a ring_loop tells of events.
class watched {
 public:
  watched() = default;
  watched(const watched&) = delete;
  watched& operator=(const watched&) = delete;
  virtual ~watched() = default;

  /// May destroy the object, but none that others own.
  virtual void ready(xpoll::events happened) = 0;
  /// It could not be watched, for this errno.
  virtual void refused(int error) = 0;
};

/// Takes events from a ready ring and collects changes, which the next XPOLL_IOC_ENTER makes. So a
/// turn of a busy loop makes no system call of its own, or one for all connections that were
/// accepted in the turn before.
class ring_loop final {
 public:
  /// For that many descriptors.
  explicit ring_loop(std::uint32_t descriptors);

  /// Watches fd for these events, edge-triggered, from the next turn on. The watch ends when fd is
  /// closed; call forget() before.
  void watch(int fd, xpoll::events interest, watched& object);

  /// Calls object.ready() without an event in the next turn, which begins in that time at most.
  void again(watched& object, std::chrono::milliseconds limit = {});

  /// Call it before an object is destroyed.
  void forget(const watched& object);

  /// Waits until there is something to do, and does it.
  void turn();

  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] std::uint64_t enters() const { return enters_; }

 private:
  bool take_events();
  void enter();

  xpoll::ring_poller poller_;
  std::vector<xpoll_change> changes_;
  std::vector<watched*> again_;
  std::vector<watched*> now_;  ///< those of again_ in this turn
  std::optional<std::chrono::milliseconds> limit_;
  std::uint64_t events_ = 0;
  std::uint64_t enters_ = 0;
};

}  // namespace example

#endif  // EXAMPLES_HTTP_RING_LOOP_HPP
