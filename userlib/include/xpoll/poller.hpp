// SPDX-License-Identifier: MIT
// An instance as a C++ class.
#ifndef XPOLL_POLLER_HPP
#define XPOLL_POLLER_HPP

#if __cplusplus < 202002L
#error "xpoll's C++ headers need C++20: compile with -std=c++20 or later"
#endif

#include <sys/epoll.h>
#include <unistd.h>
#include <xpoll/xpoll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <ratio>
#include <span>
#include <system_error>
#include <utility>
#include <xpoll/events.hpp>
#include <xpoll/timeout.hpp>
#include <xpoll/unique_fd.hpp>
#include <xpoll/wait_result.hpp>

namespace xpoll {

/// Owns an instance of xpoll or of native epoll, and offers the same functions for both.
///
/// Errors are thrown as std::system_error with errno's value; <xpoll/xpoll.h> lists them by call.
/// wait() allocates no memory. add(), modify(), remove() and wait() may be called from any number
/// of threads at once; moving and destroying may not.
///
///     auto poller = xpoll::poller::create();
///     poller.add(fd, xpoll::events::in, {.fd = fd});
///     std::array<epoll_event, 64> room;
///     for (const epoll_event& event : poller.wait(room, 100ms)) ...
class poller final {
 public:
  /// A new instance of xpoll, close-on-exec. Throws ENOENT where the module is not loaded.
  static poller create() {
    return {check(xpoll_create1(EPOLL_CLOEXEC), "xpoll_create1: /dev/xpoll"), false};
  }

  /// A new instance of native epoll, close-on-exec. Its functions make the native calls directly.
  static poller native() { return {check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1"), true}; }

  /// Takes ownership of a descriptor of either kind, such as one received from another process.
  static poller adopt(int fd) noexcept { return {fd, false}; }

  /// The descriptor, which the poller still owns. -1 after a move or release().
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

  /// Gives ownership of the descriptor to the caller.
  [[nodiscard]] int release() noexcept { return fd_.release(); }

  /// Watches fd for the bits of interest. Its events carry data: `{.fd = fd}`, `{.ptr = object}`.
  void add(int fd, events interest, epoll_data_t data) { ctl(EPOLL_CTL_ADD, fd, interest, data); }

  /// Replaces interest and data of fd, which is watched already, and re-arms events::oneshot.
  void modify(int fd, events interest, epoll_data_t data) {
    ctl(EPOLL_CTL_MOD, fd, interest, data);
  }

  /// Ends the watch of fd. The last close of its file does so too.
  void remove(int fd) { ctl(EPOLL_CTL_DEL, fd, events::none, {}); }

  /// Waits until a descriptor is ready, and stores events at the start of room, which must not be
  /// empty. sigmask, if given, is the thread's signal mask during the wait.
  wait_result wait(std::span<epoll_event> room, const sigset_t* sigmask = nullptr) {
    return wait_ns(room, no_limit, 0, sigmask);
  }

  /// As above, with a relative timeout. Does not wait if the timeout is zero or negative.
  template <class Rep, class Period>
  wait_result wait(std::span<epoll_event> room, std::chrono::duration<Rep, Period> timeout,
                   const sigset_t* sigmask = nullptr) {
    return wait_ns(room, detail::timeout_ns(timeout), 0, sigmask);
  }

  /// As above, with an absolute timeout. Does not wait if deadline is past.
  template <class Duration>
  wait_result wait(std::span<epoll_event> room,
                   std::chrono::time_point<std::chrono::steady_clock, Duration> deadline,
                   const sigset_t* sigmask = nullptr) {
    const std::int64_t end = detail::timeout_ns(deadline.time_since_epoch());
    if (!native_) return wait_ns(room, end, XPOLL_WAIT_ABSTIME, sigmask);
    const auto now = detail::timeout_ns(std::chrono::steady_clock::now().time_since_epoch());
    return wait_ns(room, std::max(end - now, std::int64_t{0}), 0, sigmask);
  }

 private:
  static constexpr std::int64_t no_limit = -1;
  static constexpr std::size_t most_events = INT_MAX / sizeof(epoll_event);

  poller(int fd, bool native) noexcept : fd_(fd), native_(native) {}

  static int check(int ret, const char* call) {
    if (ret < 0) throw std::system_error(errno, std::system_category(), call);
    return ret;
  }

  void ctl(int op, int fd, events interest, epoll_data_t data) {
    epoll_event event{bits(interest), data};
    if (native_)
      check(epoll_ctl(fd_.get(), op, fd, &event), "epoll_ctl");
    else
      check(xpoll_ctl(fd_.get(), op, fd, &event), "xpoll_ctl");
  }

  wait_result wait_ns(std::span<epoll_event> room, std::int64_t timeout, unsigned flags,
                      const sigset_t* sigmask) {
    const auto length = static_cast<int>(std::min(room.size(), most_events));
    const int count = native_
                          ? native_wait(room.data(), length, timeout, sigmask)
                          : xpoll_pwait_ns(fd_.get(), room.data(), length, timeout, flags, sigmask);
    if (count < 0 && errno == EINTR) return wait_result::signal();
    check(count, native_ ? "epoll_pwait2" : "xpoll_pwait_ns");
    if (count == 0) return wait_result::timeout();
    return wait_result::ready(room.first(static_cast<std::size_t>(count)));
  }

  int native_wait(epoll_event* room, int length, std::int64_t timeout,
                  const sigset_t* sigmask) const {
    if (timeout < 0) return epoll_pwait(fd_.get(), room, length, -1, sigmask);
    const std::lldiv_t parts = std::lldiv(timeout, std::nano::den);
    const timespec relative{.tv_sec = static_cast<time_t>(parts.quot),
                            .tv_nsec = static_cast<long>(parts.rem)};
    return epoll_pwait2(fd_.get(), room, length, &relative, sigmask);
  }

  unique_fd fd_;
  bool native_;
};

}  // namespace xpoll

#endif  // XPOLL_POLLER_HPP
