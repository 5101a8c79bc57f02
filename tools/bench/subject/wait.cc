// SPDX-License-Identifier: GPL-2.0-only
// A wait that does not sleep: with nothing ready, and with some of the watched descriptors ready.
#include <algorithm>
#include <concepts>

#include "each_backend.h"
#include "registry.h"
#include "util/kept.h"
#include "util/measure.h"

namespace bench {
namespace {

/// Number of calls per round: the more descriptors a call looks at, the fewer. Backends without
/// state between calls look at all watched descriptors, the others only at ready ones.
template <typename Backend>
int calls_in_a_round(int ready, int watched) {
  constexpr bool kStateless = std::same_as<Backend, Select> || std::same_as<Backend, Poll>;
  constexpr int kLookedAt = 5'000;
  return std::clamp(kLookedAt / (kStateless ? watched : ready), 1, 100);
}

void expect_ready(int ready, int expected) {
  if (xpoll::checked(ready, "wait") != expected) {
    throw std::runtime_error(fmt::format("{} ready instead of {}", ready, expected));
  }
}

template <typename Backend>
void wait_for_nothing(benchmark::State& state, const Settings& settings, int watched) {
  const auto instance = kept_instance<Backend>(kept_set(Kind::kEventfd, watched), watched);
  const int calls = calls_in_a_round<Backend>(1, watched);
  Measurement(state, settings, calls).run([&] {
    for (int call = 0; call < calls; ++call) expect_ready(instance->wait(0), 0);
  });
}

/// Level-triggered: descriptors stay ready, so each wait finds them again.
template <typename Backend>
void wait_level(benchmark::State& state, const Settings& settings, Kind kind, int ready,
                int watched) {
  const WatchedSet& set = kept_set(kind, watched);
  const auto instance = kept_instance<Backend>(set, watched);
  for (int index = 0; index < ready; ++index) set.make_readable(index);
  const int calls = calls_in_a_round<Backend>(ready, watched);
  Measurement(state, settings, calls).run([&] {
    for (int call = 0; call < calls; ++call) expect_ready(instance->wait(0), ready);
  });
  for (int index = 0; index < ready; ++index) set.take(index);
  expect_ready(instance->wait(0), 0);
}

/// Edge-triggered: descriptors are made ready again before each wait, outside the measurement.
template <typename Backend>
void wait_edge(benchmark::State& state, const Settings& settings, Kind kind, int ready,
               int watched) {
  const WatchedSet& set = kept_set(kind, watched);
  const auto instance = kept_instance<Backend>(set, watched, EPOLLIN | EPOLLET);
  Measurement(state, settings, 1)
      .run(
          [&] {
            for (int index = 0; index < ready; ++index) set.make_readable(index);
          },
          [&] { expect_ready(instance->wait(0), ready); },
          [&] {
            for (int index = 0; index < ready; ++index) set.take(index);
          });
}

constexpr int kWatched = 1'000;

template <typename Backend>
void add_level(const Settings& settings, Kind kind, int ready, int watched) {
  add_benchmark(
      settings, fmt::format("wait_level_{}", kind_name(kind)), Backend::kName,
      [=](auto& state) { wait_level<Backend>(state, settings, kind, ready, watched); }, ready,
      watched);
}

template <typename Backend>
void add_edge(const Settings& settings, Kind kind, int ready) {
  add_benchmark(
      settings, fmt::format("wait_edge_{}", kind_name(kind)), Backend::kName,
      [=](auto& state) { wait_edge<Backend>(state, settings, kind, ready, kWatched); }, ready,
      kWatched);
}

/// The cost as a function of the number of watched descriptors.
void register_growth(const Settings& settings) {
  for (const int watched : {10, 100'000, 1'000'000}) {
    if (watched > settings.descriptors) continue;
    for_backends<Select, Poll>(settings, [&]<typename Backend> {
      if (watched <= 100'000) add_level<Backend>(settings, Kind::kEventfd, 1, watched);
    });
    for_backends<Epoll, Xpoll>(settings, [&]<typename Backend> {
      add_level<Backend>(settings, Kind::kEventfd, 1, watched);
    });
  }
}

}  // namespace

void register_wait(const Settings& settings) {
  for_backends<Select, Poll, Epoll, Xpoll, Uring, HookedEpoll, BesideEpoll, XpollCalls>(
      settings, [&]<typename Backend> {
        add_benchmark(
            settings, "wait_none", Backend::kName,
            [=](auto& state) { wait_for_nothing<Backend>(state, settings, kWatched); }, kWatched);
      });
  for (const Kind kind : {Kind::kUnix, Kind::kTcp, Kind::kEventfd}) {
    for (const int ready : {1, 64, 1'000}) {
      for_backends<Select, Poll, Epoll, Xpoll, HookedEpoll, BesideEpoll, XpollCalls>(
          settings, [&]<typename Backend> { add_level<Backend>(settings, kind, ready, kWatched); });
      for_backends<Epoll, Xpoll, Uring, HookedEpoll, BesideEpoll, XpollCalls>(
          settings, [&]<typename Backend> { add_edge<Backend>(settings, kind, ready); });
    }
  }
  register_growth(settings);
}

}  // namespace bench
