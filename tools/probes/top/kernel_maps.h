// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <vector>

#include "probes/bpf/top.h"
#include "probes/top/observation.h"

struct bpf_link;
struct bpf_map;

namespace top {

std::vector<top_instance> read_instances(const bpf_map* instances);
/// Removes and returns the closed instances.
std::vector<top_instance> take_closed(const bpf_map* closed);
std::vector<top_holder> find_holders(const bpf_link* iterator);

struct WorkerMaps {
  const bpf_map* workers;
  const bpf_map* instances;
  const bpf_map* threads;
};
/// Returns all workers, and removes those that are gone.
std::vector<WorkerSeen> take_workers(const WorkerMaps& maps);
/// Returns all histograms, and removes those of closed instances, which are final.
std::vector<HistogramsSeen> take_histograms(const bpf_map* histograms,
                                            const std::vector<top_instance>& closed);
/// Runs the attached iterator, which records the tasks that wait already.
void find_waiters(const bpf_link* iterator);

}  // namespace top
