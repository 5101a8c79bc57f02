// SPDX-License-Identifier: MIT
// A poller whose events come through a ready ring.
#ifndef XPOLL_RING_POLLER_HPP
#define XPOLL_RING_POLLER_HPP

#include <sys/epoll.h>
#include <xpoll/ring.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <utility>
#include <xpoll/check.hpp>
#include <xpoll/cxx20.hpp>
#include <xpoll/events.hpp>
#include <xpoll/poller.hpp>
#include <xpoll/timeout.hpp>
#include <xpoll/wait_result.hpp>
#include <xpoll/wake_policy.hpp>
#include <xpoll/worker_table.hpp>

namespace xpoll {

/// Has the functions of poller but native(), create(group) and those that take a cookie or
/// change_flags. It takes events from a ready ring: wait() makes a system call only if the ring is
/// empty, or if the kernel has to poll the file of some watch. <xpoll/ring.h> says what the events
/// tell, and which watches need no call. To put a program on it, change the type.
///
/// Errors are thrown as std::system_error with errno's value; <xpoll/ring.h> and <xpoll/xpoll.h>
/// list them by call.
///
/// One difference from poller concerns level-triggered watches that several threads wait for. While
/// such a watch stays ready, a poller wakes the next thread as soon as one has taken the event.
/// Here the file is polled again by the next call that waits, of any thread; threads that sleep
/// already are not woken.
///
/// wait() allocates no memory. Any number of threads may use a ring_poller at once, but take() only
/// if no other thread takes events; moving and destroying is not thread-safe.
///
///     auto poller = xpoll::ring_poller::create(4096);
///     poller.add(fd, xpoll::events::in | xpoll::events::edge, {.fd = fd});
///     for (;;) {
///       for (const xpoll_ring_event& event : poller.take()) ...
///       poller.sleep();
///     }
class [[nodiscard]] ring_poller final {
 public:
  static constexpr std::uint32_t default_slots = 1024;

  /// A new instance with a ring of this many slots, a power of two, close-on-exec. One slot is for
  /// post(), each watch needs another one: add() throws ENOSPC if there is none.
  static ring_poller create(std::uint32_t slots = default_slots) {
    poller owner =
        poller::adopt(detail::check(xpoll_ring_create(slots, EPOLL_CLOEXEC), "xpoll_ring_create"));
    ring_poller made{owner.fd()};
    static_cast<void>(owner.release());
    return made;
  }

  /// Takes ownership of a descriptor of an instance with a ring, such as one received from another
  /// process. If it has none, this throws, and the caller still owns it.
  static ring_poller adopt(int fd) { return ring_poller{fd}; }

  ring_poller(ring_poller&& other) noexcept
      : poller_(std::move(other.poller_)), ring_(std::exchange(other.ring_, {})) {}
  ring_poller& operator=(ring_poller&& other) noexcept {
    std::swap(poller_, other.poller_);
    std::swap(ring_, other.ring_);
    return *this;
  }
  ~ring_poller() {
    if (ring_.header) xpoll_ring_unmap(&ring_);
  }

  [[nodiscard]] int fd() const noexcept { return poller_.fd(); }

  /// Gives ownership of the descriptor to the caller. The ring stays mapped.
  [[nodiscard]] int release() noexcept { return poller_.release(); }

  void add(int fd, events interest, epoll_data_t data) { poller_.add(fd, interest, data); }
  void modify(int fd, events interest, epoll_data_t data) { poller_.modify(fd, interest, data); }
  /// An event of fd that is in the ring is not taken any more.
  void remove(int fd) { poller_.remove(fd); }

  /// Puts an event of slot 0 that has this data into the ring.
  void post(epoll_data_t data) { poller_.post(data); }
  void wake(wake_policy policy) { poller_.wake(policy); }
  [[nodiscard]] worker_table workers() const { return poller_.workers(); }
  void set_worker(std::uint32_t worker) { poller_.set_worker(worker); }

  wait_result wait(std::span<epoll_event> room, wait_options options = {}) {
    if (const std::size_t count = take(room)) return wait_result::ready(room.first(count));
    return poller_.wait(room, options);
  }
  template <class Timeout>
  wait_result wait(std::span<epoll_event> room, Timeout timeout, wait_options options = {}) {
    if (const std::size_t count = take(room)) return wait_result::ready(room.first(count));
    return poller_.wait(room, timeout, options);
  }

  /// The events in a ring, taken one after the other. A range that is walked once.
  class [[nodiscard]] taken_events final {
   public:
    taken_events(const taken_events&) = delete;
    taken_events& operator=(const taken_events&) = delete;
    /// Tells the kernel how many have been taken.
    ~taken_events() { xpoll_ring_end(&walk_); }

    class iterator final {
     public:
      using value_type = xpoll_ring_event;
      using difference_type = std::ptrdiff_t;

      iterator() = default;
      const xpoll_ring_event& operator*() const noexcept { return events_->event_; }
      const xpoll_ring_event* operator->() const noexcept { return &events_->event_; }
      iterator& operator++() noexcept {
        if (!xpoll_ring_next(&events_->walk_, &events_->event_)) events_ = nullptr;
        return *this;
      }
      void operator++(int) noexcept { ++*this; }
      friend bool operator==(const iterator& at, std::default_sentinel_t) noexcept {
        return at.events_ == nullptr;
      }

     private:
      friend class taken_events;
      explicit iterator(taken_events* events) noexcept : events_(events) {}

      taken_events* events_ = nullptr;
    };

    iterator begin() noexcept { return ++iterator{this}; }
    std::default_sentinel_t end() const noexcept { return {}; }

   private:
    friend class ring_poller;
    explicit taken_events(const xpoll_ring* ring) noexcept : walk_(xpoll_ring_begin(ring)) {}

    xpoll_ring_walk walk_;
    xpoll_ring_event event_{};
  };

  /// The events that are in the ring now, taken in place. Each is taken as the walk reaches it. End
  /// the walk before the next take(), wait() or sleep().
  taken_events take() noexcept { return taken_events{&ring_}; }

  /// Polls the files of watches as xpoll_ring_wait() does, and waits until minimum events are in
  /// the ring, for at most this long. Returns whether the ring has an event; false after a signal.
  template <class Rep, class Period>
  bool sleep(std::chrono::duration<Rep, Period> timeout, std::uint32_t minimum = 1) {
    return sleep_ns(detail::timeout_ns(timeout), minimum);
  }
  bool sleep(std::uint32_t minimum = 1) { return sleep_ns(-1, minimum); }

  /// Whether the next sleep() or wait() polls the file of some watch.
  [[nodiscard]] bool must_enter() const noexcept { return xpoll_ring_must_enter(&ring_); }
  /// The former name of must_enter().
  [[deprecated("use must_enter()")]] [[nodiscard]] bool must_sleep() const noexcept {
    return must_enter();
  }

  /// The mapped ring, for the functions of <xpoll/ring.h>.
  [[nodiscard]] const xpoll_ring& ring() const noexcept { return ring_; }

 private:
  explicit ring_poller(int fd) : poller_(poller::adopt(fd)) {
    if (xpoll_ring_map(fd, &ring_) == 0) return;
    static_cast<void>(poller_.release());
    detail::fail("xpoll_ring_map");
  }

  /// Returns the number of events. None if a file has to be polled: the call that polls it takes
  /// them.
  std::size_t take(std::span<epoll_event> room) noexcept {
    std::size_t count = 0;
    if (must_enter()) return 0;
    for (xpoll_ring_event event; count < room.size() && xpoll_ring_take(&ring_, &event); ++count)
      room[count] = {event.events, {.u64 = event.data}};
    return count;
  }

  bool sleep_ns(std::int64_t timeout, std::uint32_t minimum) {
    const int count = xpoll_ring_wait(fd(), minimum, timeout);
    if (count < 0 && errno == EINTR) return false;
    return detail::check(count, "xpoll_ring_wait") > 0;
  }

  poller poller_;
  xpoll_ring ring_{};
};

}  // namespace xpoll

#endif  // XPOLL_RING_POLLER_HPP
