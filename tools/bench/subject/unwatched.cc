// SPDX-License-Identifier: GPL-2.0-only
// What has nothing to do with any instance: a close and a wake-up of what nobody watches. The
// module, once loaded, may cost them nothing.
#include <unistd.h>

#include "registry.h"
#include "util/kept.h"
#include "util/measure.h"

namespace bench {
namespace {

constexpr int kDescriptors = 100;

void close_all(benchmark::State& state, const Settings& settings, Kind kind) {
  drop_kept_instance();
  std::vector<int> descriptors;
  Measurement(state, settings, kDescriptors)
      .run([&] { descriptors = WatchedSet(kind, kDescriptors).release(); },
           [&] {
             for (const int fd : descriptors) close(fd);
           },
           [] {});
}

void wake_all(benchmark::State& state, const Settings& settings, Kind kind) {
  drop_kept_instance();
  const WatchedSet& set = kept_set(kind, kDescriptors);
  Measurement(state, settings, kDescriptors)
      .run([] {},
           [&] {
             for (int index = 0; index < kDescriptors; ++index) set.make_readable(index);
           },
           [&] {
             for (int index = 0; index < kDescriptors; ++index) set.take(index);
           });
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
