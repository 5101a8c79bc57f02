// SPDX-License-Identifier: GPL-2.0-only
// Events from a ready ring, without a system call, against epoll_wait(2) of edge-triggered watches.
#include "backend/ring.h"

#include <stdexcept>
#include <vector>

#include "each_backend.h"
#include "registry.h"
#include "util/kept.h"
#include "util/measure.h"
#include "util/wakeups.h"

namespace bench {
namespace {

using xpoll::checked;

constexpr int kWatched = 1'000;
constexpr int kRounds = 20;
constexpr std::uint32_t kEdge = EPOLLIN | EPOLLET;
constexpr std::uint32_t kOnce = EPOLLIN | EPOLLONESHOT;

int take_all(Ring& ring) { return ring.take_all(); }
template <typename Backend>
int take_all(Backend& instance) {
  return checked(instance.wait(0), "wait");
}

int take_one(Ring& ring) { return ring.take_one(); }
template <typename Backend>
int take_one(Backend& instance) {
  return checked(instance.wait(0), "wait");
}

void expect(int count, int expected) {
  if (count != expected) throw std::runtime_error("an event is missing");
}

template <typename Backend>
void add_callback(const Settings& settings, Kind kind) {
  add_benchmark(
      settings, fmt::format("callback_edge_{}", kind_name(kind)), Backend::kName,
      [=](benchmark::State& state) {
        const WatchedSet& set = kept_set(kind, kWakeups);
        const auto instance = kept_instance<Backend>(set, kWakeups, kEdge);
        measure_wakeups(state, settings, set, [&] { take_all(*instance); });
      },
      kWakeups);
}

void add_unwatched(const Settings& settings, Kind kind) {
  add_benchmark(
      settings, fmt::format("callback_edge_{}", kind_name(kind)), "unwatched",
      [=](benchmark::State& state) {
        const WatchedSet& set = kept_set(kind, kWakeups);
        drop_kept_instance();
        measure_wakeups(state, settings, set);
      },
      kWakeups);
}

/// Takes the events of `ready` of 1,000 watches, per event.
template <typename Backend, int (*take)(Backend&)>
void add_take(const Settings& settings, Kind kind, int ready) {
  add_benchmark(
      settings, fmt::format("take_{}", kind_name(kind)), Backend::kName,
      [=](benchmark::State& state) {
        const WatchedSet& set = kept_set(kind, kWatched);
        const auto instance = kept_instance<Backend>(set, kWatched, kEdge);
        int taken = 0;
        Measurement(state, settings, ready)
            .run(
                [&] {
                  for (int index = 0; index < ready; ++index) set.make_readable(index);
                },
                [&] { taken = take(*instance); },
                [&] {
                  expect(taken, ready);
                  for (int index = 0; index < ready; ++index) set.take(index);
                });
      },
      ready);
}

/// MOD of the set's first watches.
std::vector<xpoll_change> mods_by_slot(const WatchedSet& set, const Ring& ring, int count,
                                       std::uint32_t events) {
  std::vector<xpoll_change> changes(static_cast<std::size_t>(count));
  for (int index = 0; index < count; ++index) {
    xpoll_change& change = changes[index];
    change.op = EPOLL_CTL_MOD;
    change.flags = XPOLL_CHANGE_SLOT;
    change.fd = ring.slot_of(set[index]);
    change.events = events;
    change.data = static_cast<__u64>(set[index]);
  }
  return changes;
}

struct xpoll_enter call_with(std::vector<xpoll_change>& changes) {
  struct xpoll_enter call {};
  call.changes = reinterpret_cast<std::uintptr_t>(changes.data());
  call.nchanges = static_cast<__u32>(changes.size());
  return call;
}

/// 64 MOD by slot in one call, per change.
void add_mod(const Settings& settings, Kind kind, int count) {
  add_benchmark(
      settings, fmt::format("enter_mod_{}", kind_name(kind)), Ring::kName,
      [=](benchmark::State& state) {
        const WatchedSet& set = kept_set(kind, kWatched);
        const auto instance = kept_instance<Ring>(set, kWatched, kEdge);
        std::vector<xpoll_change> changes = mods_by_slot(set, *instance, count, kEdge);
        struct xpoll_enter call = call_with(changes);
        Measurement(state, settings, count).run([&] {
          for (xpoll_change& change : changes) change.events = kEdge | EPOLLRDHUP;
          checked(instance->enter(call), "xpoll_enter");
          if (call.failed != 0) throw std::runtime_error("a change failed");
        });
        drop_kept_instance();
      },
      count);
}

/// Ready watches with EPOLLONESHOT are re-armed by slot and their events taken, per round.
void add_rearm(const Settings& settings, Kind kind, int count) {
  add_benchmark(
      settings, fmt::format("enter_rearm_{}", kind_name(kind)), Ring::kName,
      [=](benchmark::State& state) {
        const WatchedSet& set = kept_set(kind, kWatched);
        const auto instance = kept_instance<Ring>(set, kWatched, kOnce);
        std::vector<xpoll_change> changes = mods_by_slot(set, *instance, count, kOnce);
        struct xpoll_enter call = call_with(changes);
        for (int index = 0; index < count; ++index) set.make_readable(index);
        expect(instance->take_all(), count);
        Measurement(state, settings, kRounds).run([&] {
          for (int round = 0; round < kRounds; ++round) {
            checked(instance->enter(call), "xpoll_enter");
            expect(instance->take_all(), count);
          }
        });
        for (int index = 0; index < count; ++index) set.take(index);
        drop_kept_instance();
      },
      count);
}

void add_bell(const Settings& settings) {
  add_benchmark(settings, "post", Ring::kName, [=](benchmark::State& state) {
    drop_kept_instance();
    Ring ring;
    Measurement(state, settings, kRounds).run([&] {
      for (int round = 0; round < kRounds; ++round) {
        checked(xpoll_post(ring.fd(), 1), "xpoll_post");
        expect(ring.take_one(), 1);
      }
    });
  });
}

}  // namespace

void register_ring(const Settings& settings) {
  for (const Kind kind : {Kind::kEventfd, Kind::kUnix, Kind::kTcp}) {
    add_unwatched(settings, kind);
    for_backends<Epoll, Xpoll, Ring>(settings, [&]<typename Backend> {
      add_callback<Backend>(settings, kind);
      add_take<Backend, take_one>(settings, kind, 1);
      add_take<Backend, take_all>(settings, kind, kWatched);
    });
    for_backends<Ring>(settings, [&]<typename Backend> {
      add_mod(settings, kind, 64);
      add_rearm(settings, kind, 16);
    });
  }
  for_backends<Ring>(settings, [&]<typename Backend> { add_bell(settings); });
}

}  // namespace bench
