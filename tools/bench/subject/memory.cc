// SPDX-License-Identifier: GPL-2.0-only
// The kernel memory of one watch, counting everything that is allocated for it.
#include "each_backend.h"
#include "registry.h"
#include "util/kept.h"
#include "util/kernel_memory.h"

namespace bench {
namespace {

/// A smaller growth per watch is caused by other processes.
constexpr double kNoise = 1.0;

template <typename Backend>
void measure_memory(benchmark::State& state, Kind kind, int watched) {
  const WatchedSet& set = kept_set(kind, watched);
  drop_kept_instance();
  KernelMemory grown;
  for ([[maybe_unused]] const auto iteration : state) {
    const KernelMemory before = settled_kernel_memory();
    const auto instance = kept_instance<Backend>(set, watched);
    grown = growth(before, settled_kernel_memory());
    state.SetIterationTime(0);
  }
  state.counters["bytes"] = static_cast<double>(sum(grown)) / watched;
  for (const auto& [place, bytes] : grown) {
    const double each = static_cast<double>(bytes) / watched;
    if (each > kNoise || each < -kNoise) state.counters["bytes in " + place] = each;
  }
}

}  // namespace

void register_memory(const Settings& every) {
  Settings settings = every;
  settings.rounds = 1;
  for (const auto& [kind, watched] :
       {std::pair{Kind::kEventfd, 100'000}, std::pair{Kind::kTcp, 10'000}}) {
    if (watched > settings.descriptors) continue;
    for_backends<Epoll, Xpoll, Uring>(
        settings, [&, measured = kind, count = watched]<typename Backend> {
          add_benchmark(
              settings, fmt::format("memory_{}", kind_name(measured)), Backend::kName,
              [=](auto& state) { measure_memory<Backend>(state, measured, count); }, count);
        });
  }
}

}  // namespace bench
