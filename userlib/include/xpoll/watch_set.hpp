// SPDX-License-Identifier: MIT
// Watches that are objects, served by several threads, and destroyed when no thread uses them.
#ifndef XPOLL_WATCH_SET_HPP
#define XPOLL_WATCH_SET_HPP

#include <xpoll/xpoll.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <list>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>
#include <xpoll/change_flags.hpp>
#include <xpoll/check.hpp>
#include <xpoll/cookie.hpp>
#include <xpoll/cxx20.hpp>
#include <xpoll/events.hpp>
#include <xpoll/poller.hpp>
#include <xpoll/timeout.hpp>

namespace xpoll {

/// What a watch does. A watch_set owns the object, and destroys it after the watch has ended, by
/// whatever way, once no thread can use it any more. So ready() may end its own watch or close the
/// descriptor, and go on using the object.
class watch {
 public:
  watch() = default;
  watch(const watch&) = delete;
  watch& operator=(const watch&) = delete;
  virtual ~watch() = default;

  /// An event. Several threads may be here at once, for several events, unless the watch has
  /// events::oneshot. watch_id(event) names the watch.
  virtual void ready(const struct xpoll_event& event) noexcept = 0;
};

/// Names a watch of a watch_set, also after it has ended.
struct watch_id {
  xpoll::cookie cookie;
  std::uint64_t data = 0;  ///< for the watch_set

  watch_id() = default;
  constexpr watch_id(xpoll::cookie which, std::uint64_t its_data) noexcept
      : cookie{which}, data{its_data} {}
  /// The watch whose event this is.
  explicit constexpr watch_id(const struct xpoll_event& event) noexcept
      : watch_id({event.cookie}, event.data) {}
};

/// Owns an instance of xpoll and its watches. Errors are thrown as std::system_error with errno's
/// value: those of xpoll_ctl_change() and xpoll_enter() in <xpoll/xpoll.h>. Any number of threads
/// may use a set at once. Destroy its workers before it.
///
/// How it works: the last event of a watch comes in a batch of one worker, and its earlier events
/// came in batches with smaller numbers. The kernel writes the number of the batch that a worker
/// has into the worker, and the worker clears it. So once each worker has had none, or a later one,
/// the object is free.
class [[nodiscard]] watch_set final {
 public:
  class worker;

  /// A new instance of xpoll, close-on-exec. Throws EOPNOTSUPP if the module is too old.
  static watch_set create() {
    struct xpoll_features module {};
    detail::check(xpoll_features(&module), "xpoll_features: /dev/xpoll");
    if ((module.features & needed) != needed) detail::fail("xpoll_features", EOPNOTSUPP);
    return watch_set{poller::create()};
  }

  /// All workers have ended. Ends the watches that are left.
  ~watch_set() = default;
  /// Its workers go on, and serve the new set. Nobody may call a function of the set meanwhile.
  watch_set(watch_set&&) noexcept = default;
  watch_set& operator=(watch_set&&) = delete;

  [[nodiscard]] int fd() const noexcept { return state_->instance.fd(); }

  /// Watches fd. An event may come before this returns. flags: change_flags::close, only and time.
  /// Throws EINVAL if there is no object.
  watch_id add(int fd, events interest, std::unique_ptr<watch> object,
               change_flags flags = change_flags::none) {
    if (!object) detail::fail("xpoll::watch_set::add", EINVAL);
    std::list<entry> one;
    entry& added = one.emplace_back();
    added.object = std::move(object);
    added.self = one.begin();
    added.batch.store(0, std::memory_order_release);
    {
      const std::scoped_lock lock(state_->mutex);
      state_->live.splice(state_->live.begin(), one);
    }
    try {
      const auto data = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(&added));
      return {state_->instance.add(fd, interest, {.u64 = data}, flags | change_flags::removed),
              data};
    } catch (...) {
      const std::scoped_lock lock(state_->mutex);
      one.splice(one.begin(), state_->live, added.self);
      throw;
    }
  }

  /// Replaces what the watch waits for, and re-arms events::oneshot. flags: change_flags::only.
  /// Returns false if the watch has ended.
  bool modify(watch_id which, events interest, change_flags flags = change_flags::none) {
    return state_->instance.modify(which.cookie, interest, {.u64 = which.data}, flags);
  }

  /// Ends a watch. Its object is destroyed later, by a worker. Returns false if it has ended.
  bool remove(watch_id which) { return state_->instance.remove(which.cookie); }

  /// The number of objects that have not been destroyed.
  [[nodiscard]] std::size_t size() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->live.size() + state_->ended.size();
  }

 private:
  static constexpr std::uint64_t needed =
      XPOLL_FEATURE_EXTENDED | XPOLL_FEATURE_REMOVED | XPOLL_FEATURE_COOKIE;

  static __u64 load(__u64* batch) noexcept {
    return std::atomic_ref(*batch).load(std::memory_order_seq_cst);
  }

  struct entry {
    std::unique_ptr<watch> object;
    /// With the last event. What add() did comes before it, and before a worker that loads it.
    std::atomic<std::uint64_t> batch{0};
    std::list<entry>::iterator self;
  };

  struct state {
    explicit state(poller&& made) noexcept : instance(std::move(made)) {}

    /// A lock that fails ends the program: a last event that is lost would keep the object for
    /// good.
    void retire(entry& of, std::uint64_t batch) noexcept {
      const std::scoped_lock lock(mutex);
      of.batch = batch;
      ended.splice(ended.end(), live, of.self);
      waiting.store(ended.size(), std::memory_order_seq_cst);
    }

    /// Destroys what no worker can use. A worker calls this after it has cleared its batch, and
    /// looks at `waiting` then; one that retires an object looks at the batches after that. So the
    /// last worker with a batch destroys the object.
    void reclaim() {
      std::list<entry> free;
      if (waiting.load(std::memory_order_seq_cst) == 0) return;
      {
        const std::scoped_lock lock(mutex);
        std::uint64_t oldest = UINT64_MAX;
        for (__u64* const batch : batches)
          if (const std::uint64_t number = load(batch)) oldest = std::min(oldest, number);
        for (auto at = ended.begin(); at != ended.end();) {
          const auto next = std::next(at);
          if (at->batch <= oldest) free.splice(free.end(), ended, at);
          at = next;
        }
        waiting.store(ended.size(), std::memory_order_seq_cst);
      }
    }

    poller instance;
    std::mutex mutex;
    std::list<entry> live;
    std::list<entry> ended;
    std::vector<__u64*> batches;          // of the workers
    std::atomic<std::size_t> waiting{0};  // of `ended`
  };

  explicit watch_set(poller&& made) : state_(std::make_unique<state>(std::move(made))) {}

  std::unique_ptr<state> state_;
};

/// Serves a set's watches. Each thread has one of its own.
class [[nodiscard]] watch_set::worker final {
 public:
  /// room: the most events of one wait, 1 to INT_MAX / sizeof(xpoll_event). Throws EINVAL for
  /// another number.
  explicit worker(watch_set& set, std::size_t room = 64)
      : set_(*set.state_), events_(checked(room)) {
    call_.events = reinterpret_cast<std::uintptr_t>(events_.data());
    call_.maxevents = static_cast<std::int32_t>(room);
    call_.flags = XPOLL_ENTER_EXTENDED;
    const std::scoped_lock lock(set_.mutex);
    set_.batches.push_back(batch());
  }
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;
  ~worker() {
    {
      const std::scoped_lock lock(set_.mutex);
      std::erase(set_.batches, batch());
    }
    set_.reclaim();
  }

  /// Waits, calls ready() of the watches that have events, and destroys objects that are free.
  /// Returns the number of events, last ones included; 0 if the timeout expired or a signal was
  /// handled. Throws EDEADLK if ready() calls run() of the worker that called it, whose events are
  /// not handled yet.
  std::size_t run() { return run_ns(-1); }
  template <class Rep, class Period>
  std::size_t run(std::chrono::duration<Rep, Period> timeout) {
    return run_ns(detail::timeout_ns(timeout));
  }

 private:
  /// The kernel takes 0 for a call without a wait.
  static std::size_t checked(std::size_t room) {
    if (room == 0 || room > INT_MAX / sizeof(struct xpoll_event))
      detail::fail("xpoll::watch_set::worker", EINVAL);
    return room;
  }

  /// The kernel writes it during the call.
  __u64* batch() noexcept { return &call_.batch; }

  std::size_t run_ns(std::int64_t timeout) {
    if (handling_) detail::fail("xpoll::watch_set::worker::run", EDEADLK);
    call_.timeout_ns = timeout;
    const int count = xpoll_enter(set_.instance.fd(), &call_);
    const int error = errno;
    handling_ = true;
    if (count > 0) handle(static_cast<std::size_t>(count));
    handling_ = false;
    std::atomic_ref(*batch()).store(0U, std::memory_order_seq_cst);
    set_.reclaim();
    if (count >= 0) return static_cast<std::size_t>(count);
    if (error == EINTR) return 0;
    detail::fail("xpoll_enter", error);
  }

  void handle(std::size_t count) noexcept {
    const std::uint64_t number = load(batch());
    for (std::size_t i = 0; i < count; ++i) {
      const struct xpoll_event& event = events_[i];
      auto* const of = reinterpret_cast<entry*>(static_cast<std::uintptr_t>(event.data));
      static_cast<void>(of->batch.load(std::memory_order_acquire));
      if (event.events & XPOLL_EVENT_REMOVED)
        set_.retire(*of, number);
      else
        of->object->ready(event);
    }
  }

  state& set_;
  std::vector<struct xpoll_event> events_;
  struct xpoll_enter call_ {};
  bool handling_ = false;
};

}  // namespace xpoll

#endif  // XPOLL_WATCH_SET_HPP
