// SPDX-License-Identifier: MIT
// An instance as a C++ class.
#ifndef XPOLL_POLLER_HPP
#define XPOLL_POLLER_HPP

#include <sys/epoll.h>
#include <xpoll/wake.h>
#include <xpoll/xpoll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ratio>
#include <span>
#include <xpoll/change_flags.hpp>
#include <xpoll/check.hpp>
#include <xpoll/cookie.hpp>
#include <xpoll/cxx20.hpp>
#include <xpoll/events.hpp>
#include <xpoll/group.hpp>
#include <xpoll/timeout.hpp>
#include <xpoll/unique_fd.hpp>
#include <xpoll/wait_result.hpp>
#include <xpoll/wake_policy.hpp>
#include <xpoll/worker_table.hpp>

namespace xpoll {

/// What a wait may be told besides a timeout.
struct wait_options {
  /// The thread's signal mask during the wait, or nullptr to leave it alone.
  const sigset_t* sigmask = nullptr;
  /// The caller's number in the instance's table of workers, 1 to XPOLL_WORKERS_MAX, or 0 for none.
  /// Ignored on native instances.
  std::uint32_t worker = 0;
};

/// Owns an instance of xpoll or of native epoll, and offers the same functions for both.
///
/// Errors are thrown as std::system_error with errno's value; <xpoll/xpoll.h> and <xpoll/wake.h>
/// list them by call. wait() allocates no memory. Any number of threads may use a poller at once;
/// moving and destroying is not thread-safe.
///
///     auto poller = xpoll::poller::create();
///     poller.add(fd, xpoll::events::in, {.fd = fd});
///     std::array<epoll_event, 64> room;
///     for (const epoll_event& event : poller.wait(room, 100ms)) ...
class [[nodiscard]] poller final {
 public:
  /// A new instance of xpoll, close-on-exec. Throws ENOENT where the module is not loaded.
  static poller create() {
    return {detail::check(xpoll_create1(EPOLL_CLOEXEC), "xpoll_create1: /dev/xpoll"), false};
  }

  /// A new instance of xpoll in a group, close-on-exec. It takes the group's policy and table for
  /// its own waiters as well.
  static poller create(const group& owner) {
    return {detail::check(xpoll_create_in(owner.fd(), EPOLL_CLOEXEC), "xpoll_create_in"), false};
  }

  /// A new instance of native epoll, close-on-exec. Its functions make the native calls directly.
  static poller native() {
    return {detail::check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1"), true};
  }

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

  /// Watches fd as the other add() does, with flags, and returns a cookie that names the watch.
  /// change_flags::time is for extended events, which wait() does not return: call xpoll_enter()
  /// with fd(). With change_flags::removed, wait() also returns the last event, whose only bit is
  /// XPOLL_EVENT_REMOVED. Throws EINVAL on native instances, as the next two do.
  cookie add(int fd, events interest, epoll_data_t data, change_flags flags) {
    struct xpoll_change change = changed(EPOLL_CTL_ADD, interest, data, flags);
    change.flags |= XPOLL_CHANGE_COOKIE;
    change.fd = fd;
    detail::check(xpoll_ctl_change(fd_.get(), &change), "xpoll_ctl_change");
    return {change.data};
  }

  /// modify() of the watch that the cookie names. flags: change_flags::only. Returns false if the
  /// watch has ended.
  bool modify(cookie which, events interest, epoll_data_t data,
              change_flags flags = change_flags::none) {
    return by_cookie(which, changed(EPOLL_CTL_MOD, interest, data, flags));
  }

  /// Ends the watch that the cookie names. Returns false if it has ended.
  bool remove(cookie which) {
    return by_cookie(which, changed(EPOLL_CTL_DEL, events::none, {}, {}));
  }

  /// Ends the watch of fd. The last close of its file does so too.
  void remove(int fd) { ctl(EPOLL_CTL_DEL, fd, events::none, {}); }

  /// Wakes one waiter with an event that has this data. An event that was not delivered yet is
  /// replaced. Throws on native instances.
  void post(epoll_data_t data) { detail::check(xpoll_post(fd(), data.u64), "xpoll_post"); }

  /// Chooses who is woken among the threads that wait on this instance. Throws on native instances.
  void wake(wake_policy policy) { detail::check(xpoll_wake(fd(), &policy.get()), "xpoll_wake"); }

  /// Maps the table in which the instance's workers publish their loads and heartbeats: its own
  /// after wake(), its group's before. Throws ENODEV if it has none.
  [[nodiscard]] worker_table workers() const { return detail::map_workers(fd()); }

  /// Says which worker of the group the instance belongs to, 1 to XPOLL_WORKERS_MAX, or 0 for none.
  void set_worker(std::uint32_t worker) {
    detail::check(xpoll_set_worker(fd(), worker), "xpoll_set_worker");
  }

  /// Waits until a descriptor is ready, and stores events at the start of room, which must not be
  /// empty: `poller.wait(room, {.worker = 3})`.
  wait_result wait(std::span<epoll_event> room, wait_options options = {}) {
    return wait_ns(room, no_limit, 0, options);
  }

  /// As above, with a relative timeout. Does not wait if the timeout is zero or negative.
  template <class Rep, class Period>
  wait_result wait(std::span<epoll_event> room, std::chrono::duration<Rep, Period> timeout,
                   wait_options options = {}) {
    return wait_ns(room, detail::timeout_ns(timeout), 0, options);
  }

  /// As above, with an absolute timeout. Does not wait if deadline is past.
  template <class Duration>
  wait_result wait(std::span<epoll_event> room,
                   std::chrono::time_point<std::chrono::steady_clock, Duration> deadline,
                   wait_options options = {}) {
    const std::int64_t end = detail::timeout_ns(deadline.time_since_epoch());
    if (!native_) return wait_ns(room, end, XPOLL_WAIT_ABSTIME, options);
    const auto now = detail::timeout_ns(std::chrono::steady_clock::now().time_since_epoch());
    return wait_ns(room, std::max(end - now, std::int64_t{0}), 0, options);
  }

 private:
  static constexpr std::int64_t no_limit = -1;

  poller(int fd, bool native) noexcept : fd_(fd), native_(native) {}

  static struct xpoll_change changed(int op, events interest, epoll_data_t data,
                                     change_flags flags) noexcept {
    struct xpoll_change change {};
    change.op = static_cast<__u16>(op);
    change.flags = bits(flags);
    change.events = bits(interest);
    change.data = data.u64;
    return change;
  }

  bool by_cookie(cookie which, struct xpoll_change change) {
    xpoll_change_by_cookie(&change, which.value);
    const int ret = xpoll_ctl_change(fd_.get(), &change);
    if (ret < 0 && errno == ENOENT) return false;
    return detail::check(ret, "xpoll_ctl_change") == 0;
  }

  void ctl(int op, int fd, events interest, epoll_data_t data) {
    epoll_event event{bits(interest), data};
    if (native_)
      detail::check(epoll_ctl(fd_.get(), op, fd, &event), "epoll_ctl");
    else
      detail::check(xpoll_ctl(fd_.get(), op, fd, &event), "xpoll_ctl");
  }

  wait_result wait_ns(std::span<epoll_event> room, std::int64_t timeout, unsigned flags,
                      wait_options options) {
    const auto length = static_cast<int>(std::min(room.size(), detail::most_events));
    const int count = native_ ? native_wait(room.data(), length, timeout, options.sigmask)
                              : xpoll_pwait_worker(fd(), room.data(), length, timeout, flags,
                                                   options.sigmask, options.worker);
    if (count < 0 && errno == EINTR) return wait_result::signal();
    detail::check(count, native_ ? "epoll_pwait2" : "xpoll_pwait_worker");
    if (count == 0) return wait_result::timeout();
    return wait_result::ready(room.first(static_cast<std::size_t>(count)));
  }

  int native_wait(epoll_event* room, int length, std::int64_t timeout,
                  const sigset_t* sigmask) const {
    if (timeout < 0) return epoll_pwait(fd(), room, length, -1, sigmask);
    const std::lldiv_t parts = std::lldiv(timeout, std::nano::den);
    const timespec relative{.tv_sec = static_cast<time_t>(parts.quot),
                            .tv_nsec = static_cast<long>(parts.rem)};
    return epoll_pwait2(fd(), room, length, &relative, sigmask);
  }

  unique_fd fd_;
  bool native_;
};

}  // namespace xpoll

#endif  // XPOLL_POLLER_HPP
