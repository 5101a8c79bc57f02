// SPDX-License-Identifier: GPL-2.0-only
// The cost of a wake-up for its originator: a descriptor becomes readable while no task waits.
#include "each_backend.h"
#include "registry.h"
#include "util/kept.h"
#include "util/wakeups.h"

namespace bench {
namespace {

template <typename Backend>
void watched(benchmark::State& state, const Settings& settings, Kind kind, int count) {
  const WatchedSet& set = kept_set(kind, count);
  const auto instance = kept_instance<Backend>(set, count);
  // Empty the ready list: all items are on it, and none is readable any more.
  measure_wakeups(state, settings, set, [&] { xpoll::checked(instance->wait(0), "wait"); });
}

void unwatched(benchmark::State& state, const Settings& settings, Kind kind, int count) {
  const WatchedSet& set = kept_set(kind, count);
  drop_kept_instance();
  measure_wakeups(state, settings, set);
}

void register_kind(const Settings& settings, Kind kind, int count) {
  const std::string subject = fmt::format("callback_{}", kind_name(kind));
  add_benchmark(
      settings, subject, "unwatched", [=](auto& state) { unwatched(state, settings, kind, count); },
      count);
  for_backends<Epoll, Xpoll, Uring>(settings, [&]<typename Backend> {
    add_benchmark(
        settings, subject, Backend::kName,
        [=](auto& state) { watched<Backend>(state, settings, kind, count); }, count);
  });
}

}  // namespace

void register_callback(const Settings& settings) {
  constexpr int kMany = 100'000;
  for (const Kind kind : {Kind::kEventfd, Kind::kUnix, Kind::kTcp}) {
    register_kind(settings, kind, kWakeups);
  }
  if (kMany <= settings.descriptors) register_kind(settings, Kind::kEventfd, kMany);
}

}  // namespace bench
