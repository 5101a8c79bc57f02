// SPDX-License-Identifier: GPL-2.0-only
// Operations that involve no instance: close and wake-up of an unwatched file. The loaded module
// must not slow them down.
#include <unistd.h>

#include "registry.h"
#include "util/kept.h"
#include "util/measure.h"
#include "util/wakeups.h"

namespace bench {
namespace {

/// Many, so that the result does not depend on where the slabs begin. Fewer connections, because
/// each stays in TIME_WAIT.
int descriptors_to_close(Kind kind) { return kind == Kind::kTcp ? 100 : 1'000; }

void close_all(benchmark::State& state, const Settings& settings, Kind kind) {
  drop_kept_instance();
  const int count = descriptors_to_close(kind);
  std::vector<int> descriptors;
  Measurement measurement(state, settings, count);
  // Each round must close objects from slabs that are equally full.
  measurement.settle_between_rounds();
  measurement.run([&] { descriptors = WatchedSet(kind, count).release(); },
                  [&] {
                    for (const int fd : descriptors) close(fd);
                  },
                  [] {});
}

void wake_all(benchmark::State& state, const Settings& settings, Kind kind) {
  drop_kept_instance();
  measure_wakeups(state, settings, kept_set(kind, kWakeups));
}

}  // namespace

void register_unwatched(const Settings& settings) {
  const char* module = settings.xpoll ? "loaded" : "unloaded";
  for (const Kind kind : {Kind::kEventfd, Kind::kUnix, Kind::kTcp}) {
    add_benchmark(settings, fmt::format("unwatched_close_{}", kind_name(kind)), module,
                  [=](auto& state) { close_all(state, settings, kind); });
    add_benchmark(settings, fmt::format("unwatched_wakeup_{}", kind_name(kind)), module,
                  [=](auto& state) { wake_all(state, settings, kind); });
  }
}

}  // namespace bench
