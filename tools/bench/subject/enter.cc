// SPDX-License-Identifier: GPL-2.0-only
// Many changes, or changes and events, in one call of xpoll; native epoll needs a call for each.
// And an event without a descriptor, for which native epoll needs an eventfd.
#include <memory>
#include <numeric>
#include <vector>

#include "each_backend.h"
#include "registry.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/kept.h"
#include "util/measure.h"

namespace bench {
namespace {

using xpoll::checked;

constexpr int kWatched = 1'000;
constexpr int kRounds = 20;

/// Changes of the descriptors of a set, from `first` on, and a wait without timeout.
template <typename Backend>
class Changes;

/// One call for each.
template <typename Backend>
requires std::derived_from<Backend, Epoll>
class Changes<Backend> {
 public:
  Changes(Backend& instance, const WatchedSet& set, int first, int count)
      : instance_{instance}, set_{set}, first_{first}, count_{count} {}

  void make(int op, std::uint32_t events) {
    for (int index = first_; index < first_ + count_; ++index) {
      epoll_event event{.events = events, .data = {.fd = set_[index]}};
      checked(instance_.ctl(op, event), "epoll_ctl");
    }
  }
  int make_and_wait(int op, std::uint32_t events) {
    make(op, events);
    return checked(instance_.wait(0), "epoll_wait");
  }

 private:
  Backend& instance_;
  const WatchedSet& set_;
  const int first_;
  const int count_;
};

/// All in one call.
template <>
class Changes<Xpoll> {
 public:
  Changes(Xpoll& instance, const WatchedSet& set, int first, int count)
      : instance_{instance}, changes_(count), room_(count) {
    for (int index = 0; index < count; ++index) {
      changes_[index].fd = set[first + index];
      changes_[index].data = static_cast<__u64>(set[first + index]);
    }
  }

  void make(int op, std::uint32_t events) { enter(op, events, 0); }
  int make_and_wait(int op, std::uint32_t events) {
    return enter(op, events, static_cast<int>(room_.size()));
  }

 private:
  int enter(int op, std::uint32_t events, int room) {
    for (xpoll_change& change : changes_) {
      change.op = static_cast<__u16>(op);
      change.events = events;
    }
    struct xpoll_enter call {};
    call.changes = reinterpret_cast<std::uintptr_t>(changes_.data());
    call.nchanges = static_cast<__u32>(changes_.size());
    call.events = reinterpret_cast<std::uintptr_t>(room_.data());
    call.maxevents = room;
    const int ready = checked(instance_.enter(call), "xpoll_enter");
    if (call.failed != 0 || call.done != changes_.size())
      throw std::runtime_error("a change failed");
    return ready;
  }

  Xpoll& instance_;
  std::vector<xpoll_change> changes_;
  std::vector<epoll_event> room_;
};

/// ADD, MOD and DEL of some descriptors of an instance that watches others, per change.
template <typename Backend>
void add_changes(const Settings& settings, Kind kind, int count) {
  const auto add = [&](const char* operation, int op) {
    add_benchmark(
        settings, fmt::format("enter_{}_{}", operation, kind_name(kind)), Backend::kName,
        [=](benchmark::State& state) {
          const WatchedSet& set = kept_set(kind, kWatched + count);
          const auto instance = kept_instance<Backend>(set, kWatched);
          Changes<Backend> changes(*instance, set, kWatched, count);
          Measurement measurement(state, settings, count);
          measurement.settle_between_rounds();
          measurement.run(
              [&] {
                if (op != EPOLL_CTL_ADD) changes.make(EPOLL_CTL_ADD, EPOLLIN);
              },
              [&] { changes.make(op, EPOLLIN | EPOLLRDHUP); },
              [&] {
                if (op != EPOLL_CTL_DEL) changes.make(EPOLL_CTL_DEL, 0);
              });
        },
        count);
  };
  add("add", EPOLL_CTL_ADD);
  add("mod", EPOLL_CTL_MOD);
  add("del", EPOLL_CTL_DEL);
}

/// Ready watches with EPOLLONESHOT are re-armed and their events taken, per round.
template <typename Backend>
void add_rearm(const Settings& settings, Kind kind, int count) {
  add_benchmark(
      settings, fmt::format("enter_rearm_{}", kind_name(kind)), Backend::kName,
      [=](benchmark::State& state) {
        constexpr std::uint32_t kOnce = EPOLLIN | EPOLLONESHOT;
        const WatchedSet& set = kept_set(kind, kWatched);
        const auto instance = kept_instance<Backend>(set, kWatched, kOnce);
        for (int index = 0; index < count; ++index) set.make_readable(index);
        checked(instance->wait(0), "wait");
        Changes<Backend> changes(*instance, set, 0, count);
        Measurement(state, settings, kRounds).run([&] {
          for (int round = 0; round < kRounds; ++round)
            if (changes.make_and_wait(EPOLL_CTL_MOD, kOnce) != count)
              throw std::runtime_error("an event is missing");
        });
        for (int index = 0; index < count; ++index) set.take(index);
        drop_kept_instance();
      },
      count);
}

/// A thread tells an instance something, and the event is taken.
template <typename Backend>
class Bell {
 public:
  Bell() { checked(instance_.add(eventfd_.get(), EPOLLIN), "add"); }
  void ring_and_hear() {
    xpoll::post(eventfd_);
    checked(instance_.wait(0), "wait");
    xpoll::take(eventfd_);
  }

 private:
  const xpoll::unique_fd eventfd_ = xpoll::make_eventfd();
  Backend instance_;
};

template <typename Backend>
requires std::same_as<Backend, Xpoll> || std::same_as<Backend, XpollCalls>
class Bell<Backend> {
 public:
  void ring_and_hear() {
    checked(xpoll_post(instance_.fd(), 1), "xpoll_post");
    if (checked(instance_.wait(0), "wait") != 1) throw std::runtime_error("no event");
  }

 private:
  Backend instance_;
};

template <typename Backend>
void add_bell(const Settings& settings) {
  add_benchmark(settings, "post", Backend::kName, [=](benchmark::State& state) {
    drop_kept_instance();
    Bell<Backend> bell;
    Measurement(state, settings, kRounds).run([&] {
      for (int round = 0; round < kRounds; ++round) bell.ring_and_hear();
    });
  });
}

}  // namespace

void register_enter(const Settings& settings) {
  for (const Kind kind : {Kind::kEventfd, Kind::kUnix, Kind::kTcp}) {
    for_backends<Epoll, Xpoll>(settings, [&]<typename Backend> {
      for (const int count : {1, 8, 64}) add_changes<Backend>(settings, kind, count);
      for (const int count : {1, 16, 64}) add_rearm<Backend>(settings, kind, count);
    });
  }
  for_backends<Epoll, Xpoll, XpollCalls>(settings,
                                         [&]<typename Backend> { add_bell<Backend>(settings); });
}

}  // namespace bench
