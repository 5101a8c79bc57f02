// SPDX-License-Identifier: MIT
// How a wait ended.
#ifndef XPOLL_WAIT_RESULT_HPP
#define XPOLL_WAIT_RESULT_HPP

#include <sys/epoll.h>

#include <climits>
#include <cstddef>
#include <span>
#include <xpoll/cxx20.hpp>

namespace xpoll {

namespace detail {

/// A wait takes no more events.
inline constexpr std::size_t most_events = INT_MAX / sizeof(epoll_event);

}  // namespace detail

/// Events, an expired timeout, or a signal that was handled first. It is a range of the events,
/// which are in the memory that the caller passed to poller::wait() and are valid as long as that
/// is.
class [[nodiscard]] wait_result final {
 public:
  /// Not empty.
  static constexpr wait_result ready(std::span<epoll_event> events) noexcept {
    return {events, false};
  }
  static constexpr wait_result timeout() noexcept { return {{}, false}; }
  static constexpr wait_result signal() noexcept { return {{}, true}; }

  constexpr bool timed_out() const noexcept { return events_.empty() && !interrupted_; }
  constexpr bool interrupted() const noexcept { return interrupted_; }

  constexpr std::span<epoll_event> events() const noexcept { return events_; }
  constexpr std::size_t size() const noexcept { return events_.size(); }
  constexpr auto begin() const noexcept { return events_.begin(); }
  constexpr auto end() const noexcept { return events_.end(); }

 private:
  constexpr wait_result(std::span<epoll_event> events, bool interrupted) noexcept
      : events_(events), interrupted_(interrupted) {}

  std::span<epoll_event> events_;
  bool interrupted_;
};

}  // namespace xpoll

#endif  // XPOLL_WAIT_RESULT_HPP
