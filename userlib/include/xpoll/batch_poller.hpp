// SPDX-License-Identifier: MIT
// A poller that makes its changes together with the next wait.
#ifndef XPOLL_BATCH_POLLER_HPP
#define XPOLL_BATCH_POLLER_HPP

#include <sys/epoll.h>
#include <xpoll/xpoll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>
#include <xpoll/check.hpp>
#include <xpoll/cxx20.hpp>
#include <xpoll/events.hpp>
#include <xpoll/group.hpp>
#include <xpoll/poller.hpp>
#include <xpoll/timeout.hpp>
#include <xpoll/wait_result.hpp>
#include <xpoll/wake_policy.hpp>
#include <xpoll/worker_table.hpp>

namespace xpoll {

/// A change that failed: what was to be done with which descriptor, and errno.
struct change_failure {
  int op;  ///< EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL or XPOLL_CTL_UPSERT
  int fd;
  int error;
};

/// Has the functions of poller but those that take a cookie or change_flags, and collects changes:
/// the next wait(), flush() or remove() makes what add(), modify() and set() ask for, in order and
/// in one system call. If XPOLL_CHANGES_MAX changes are pending, the next add(), modify() or set()
/// makes them first, in a call of its own. To put a program that makes several changes between two
/// waits on it, change the type.
///
/// So an error of add(), modify() or set() shows later. wait() returns its events all the same, and
/// failures() has what failed. The wait() or flush() after that throws the first failure and
/// forgets the others, before it makes changes or waits, unless the program has called
/// clear_failures(). remove() does not throw what failed of another descriptor. It leaves nothing
/// to do, so the descriptor may be closed then; a descriptor that is closed while a change of it
/// waits to be made is an error.
///
/// wait() is a cancellation point of pthread_cancel(3). Changes that it has made then are not made
/// again. The other functions are no cancellation points.
///
/// wait() allocates no memory. Threads may share a batch_poller if a lock serializes its functions;
/// fd(), post() and wake() need none.
class [[nodiscard]] batch_poller final {
 public:
  static batch_poller create() { return batch_poller{poller::create()}; }
  static batch_poller create(const group& owner) { return batch_poller{poller::create(owner)}; }
  static batch_poller native() { return batch_poller{poller::native()}; }
  static batch_poller adopt(int fd) noexcept { return batch_poller{poller::adopt(fd)}; }

  [[nodiscard]] int fd() const noexcept { return poller_.fd(); }

  /// Gives ownership of the descriptor to the caller. Changes that wait to be made are dropped.
  [[nodiscard]] int release() noexcept {
    changes_.clear();
    return poller_.release();
  }

  void add(int fd, events interest, epoll_data_t data) {
    collect(EPOLL_CTL_ADD, fd, interest, data);
  }
  void modify(int fd, events interest, epoll_data_t data) {
    collect(EPOLL_CTL_MOD, fd, interest, data);
  }
  /// modify() if fd is watched then, otherwise add().
  void set(int fd, events interest, epoll_data_t data) {
    collect(XPOLL_CTL_UPSERT, fd, interest, data);
  }

  /// Makes all changes that wait to be made, then ends the watch of fd.
  void remove(int fd) {
    make_changes();
    poller_.remove(fd);
  }

  /// Makes all changes that wait to be made, without a wait.
  void flush() {
    throw_failure();
    make_changes();
  }

  /// The number of changes that wait to be made.
  [[nodiscard]] std::size_t pending() const noexcept { return changes_.size(); }

  /// What has failed since clear_failures(), or since wait() or flush() threw, in order.
  [[nodiscard]] std::span<const change_failure> failures() const noexcept { return failures_; }
  void clear_failures() noexcept { failures_.clear(); }

  void post(epoll_data_t data) { poller_.post(data); }
  void wake(wake_policy policy) { poller_.wake(policy); }
  [[nodiscard]] worker_table workers() const { return poller_.workers(); }
  void set_worker(std::uint32_t worker) { poller_.set_worker(worker); }

  /// Has later waits return when this many events are there, and after `patience` when there is
  /// one; zero: after the wait's own timeout. Ignored on native instances. 1 is the default.
  template <class Rep, class Period>
  void set_minimum(std::uint32_t count, std::chrono::duration<Rep, Period> patience) noexcept {
    min_events_ = count;
    min_wait_ns_ = static_cast<std::uint64_t>(detail::timeout_ns(patience));
  }
  void set_minimum(std::uint32_t count) noexcept {
    set_minimum(count, std::chrono::nanoseconds::zero());
  }

  wait_result wait(std::span<epoll_event> room, wait_options options = {}) {
    return wait_ns(room, -1, 0, options);
  }
  template <class Rep, class Period>
  wait_result wait(std::span<epoll_event> room, std::chrono::duration<Rep, Period> timeout,
                   wait_options options = {}) {
    return wait_ns(room, detail::timeout_ns(timeout), 0, options);
  }
  template <class Duration>
  wait_result wait(std::span<epoll_event> room,
                   std::chrono::time_point<std::chrono::steady_clock, Duration> deadline,
                   wait_options options = {}) {
    return wait_ns(room, detail::timeout_ns(deadline.time_since_epoch()), XPOLL_ENTER_ABSTIME,
                   options);
  }

 private:
  explicit batch_poller(poller&& owned) noexcept : poller_(std::move(owned)) {}

  void collect(int op, int fd, events interest, epoll_data_t data) {
    if (changes_.size() == XPOLL_CHANGES_MAX) make_changes();
    // all of them may fail, and then no memory is to be allocated
    const std::size_t most = failures_.size() + changes_.size() + 1;
    if (most > failures_.capacity()) failures_.reserve(2 * most);
    xpoll_change change{};
    change.op = static_cast<std::uint16_t>(op);
    change.fd = fd;
    change.events = bits(interest);
    change.data = data.u64;
    changes_.push_back(change);
  }

  void make_changes() {
    while (!changes_.empty()) check(enter({}, 0, 0, {}));
  }

  void throw_failure() {
    if (failures_.empty()) return;
    const change_failure first = failures_.front();
    failures_.clear();
    throw std::system_error(first.error, std::system_category(),
                            "xpoll_enter: descriptor " + std::to_string(first.fd));
  }

  static int check(int count) { return detail::check(count, "xpoll_enter"); }

  wait_result wait_ns(std::span<epoll_event> room, std::int64_t timeout, unsigned flags,
                      wait_options options) {
    throw_failure();
    if (room.empty()) detail::fail("xpoll_enter", EINVAL);
    const int count = enter(room, timeout, flags, options);
    if (count < 0 && errno == EINTR) return wait_result::signal();
    if (check(count) == 0) return wait_result::timeout();
    return wait_result::ready(room.first(static_cast<std::size_t>(count)));
  }

  int enter(std::span<epoll_event> room, std::int64_t timeout, unsigned flags,
            wait_options options) {
    const auto length = static_cast<std::uint32_t>(std::min(room.size(), detail::most_events));
    struct xpoll_enter call {};
    call.changes = reinterpret_cast<std::uintptr_t>(changes_.data());
    call.nchanges = static_cast<std::uint32_t>(changes_.size());
    call.events = reinterpret_cast<std::uintptr_t>(room.data());
    call.maxevents = static_cast<std::int32_t>(length);
    call.timeout_ns = timeout;
    call.minevents = std::min(min_events_, length);
    call.min_wait_ns = min_wait_ns_;
    call.sigmask = reinterpret_cast<std::uintptr_t>(options.sigmask);
    call.flags = flags;
    call.worker = options.worker;
    // in a destructor: a thread that is cancelled in the wait has made the changes
    const settler when_it_returns{*this, call};
    return xpoll_enter(fd(), &call);
  }

  struct settler {
    batch_poller& owner;
    const struct xpoll_enter& call;

    ~settler() { owner.settle(call.done); }
  };

  /// The first `done` changes have been made. Keeps errno.
  void settle(std::size_t done) noexcept {
    const std::span made = std::span(changes_).first(done);
    for (const xpoll_change& change : made)
      if (change.result < 0) failures_.push_back({change.op, change.fd, -change.result});
    changes_.erase(changes_.begin(), changes_.begin() + static_cast<std::ptrdiff_t>(done));
  }

  poller poller_;
  std::vector<xpoll_change> changes_;
  std::vector<change_failure> failures_;
  std::uint32_t min_events_ = 1;
  std::uint64_t min_wait_ns_ = 0;
};

}  // namespace xpoll

#endif  // XPOLL_BATCH_POLLER_HPP
