// SPDX-License-Identifier: MIT
// How a wait ended.
#ifndef XPOLL_WAIT_RESULT_HPP
#define XPOLL_WAIT_RESULT_HPP

#include <sys/epoll.h>

#include <cstddef>
#include <span>

namespace xpoll {

/// One of three: events, the time was over, or a signal was handled first. A range of its events,
/// which live in the span that the caller gave to poller::wait() and as long as that.
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
