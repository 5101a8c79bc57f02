// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path/event.h"

namespace probes::path {

bool Event::came_to_sleeper() const {
  const auto& callback = at(Stage::callback);
  if (!callback || !asleep_ns || callback->ns < *asleep_ns) return false;
  if (!woken || at(Stage::waking)) return true;
  // If callbacks run on two CPUs, the one that began later may be the first to wake.
  return callback->ns < woken->ns && callback->cpu == woken->cpu;
}

bool Event::complete() const {
  const auto passed = [this](Stage stage) { return at(stage).has_value(); };
  return passed(Stage::received) && passed(Stage::tcp) && passed(Stage::established) &&
         (passed(Stage::readable) || !passed(Stage::callback)) && passed(Stage::polled) &&
         passed(Stage::returned);
}

bool Event::ordered() const {
  std::uint64_t last = 0;
  for (const auto& mark : marks) {
    if (!mark) continue;
    if (mark->ns < last) return false;
    last = mark->ns;
  }
  return true;
}

}  // namespace probes::path
