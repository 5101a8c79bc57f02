// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path/summary.h"

namespace probes::path {

void KindSummary::add(const Event& event) {
  ++events;
  packets += event.packets;
  if (event.at(Stage::waking))
    ++woken;
  else
    ++not_asleep;
  if (!event.at(Stage::callback)) ++no_callback;
  if (!event.ordered()) {
    ++out_of_order;
    return;  // its times would be nonsense
  }
  Stage last = Stage::received;
  for (const Stage stage : kAllStages) {
    if (stage == Stage::received || !event.at(stage)) continue;
    steps[{last, stage}].add(event.at(stage)->ns - event.at(last)->ns);
    last = stage;
  }
  total.add(event.at(Stage::returned)->ns - event.at(Stage::received)->ns);
}

std::uint64_t Summary::events() const {
  std::uint64_t events = 0;
  for (const KindSummary& kind : kinds_) events += kind.events;
  return events;
}

}  // namespace probes::path
