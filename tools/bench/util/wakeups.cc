// SPDX-License-Identifier: GPL-2.0-only
#include "wakeups.h"

#include "measure.h"

namespace bench {

void measure_wakeups(benchmark::State& state, const Settings& settings, const WatchedSet& set,
                     const std::function<void()>& harvest) {
  Measurement(state, settings, kWakeups)
      .run([] {},
           [&] {
             for (int index = 0; index < kWakeups; ++index) set.make_readable(index);
           },
           [&] {
             for (int index = 0; index < kWakeups; ++index) set.take(index);
             harvest();
           });
}

}  // namespace bench
