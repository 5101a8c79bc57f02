// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path/summary.h"

#include <algorithm>
#include <functional>

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
    return;  // its times are meaningless
  }
  Stage last = Stage::received;
  for (const Stage stage : kAllStages) {
    if (stage == Stage::received || !event.at(stage)) continue;
    steps[{last, stage}].add(event.at(stage)->ns - event.at(last)->ns);
    last = stage;
  }
  total.add(event.at(Stage::returned)->ns - event.at(Stage::received)->ns);
}

void Summary::add(const Event& event) {
  of(event.kind).add(event);
  WorkerSummary& worker = workers_[static_cast<std::size_t>(event.kind)][event.tid];
  worker.tid = event.tid;
  worker.tgid = event.tgid;
  worker.comm = event.comm;
  worker.summary.add(event);
}

std::vector<const WorkerSummary*> Summary::workers_of(Kind kind) const {
  std::vector<const WorkerSummary*> workers;
  for (const auto& [tid, worker] : workers_[static_cast<std::size_t>(kind)])
    workers.push_back(&worker);
  std::ranges::stable_sort(workers, std::greater(),
                           [](const WorkerSummary* worker) { return worker->summary.events; });
  return workers;
}

std::uint64_t Summary::events() const {
  std::uint64_t events = 0;
  for (const KindSummary& kind : kinds_) events += kind.events;
  return events;
}

}  // namespace probes::path
