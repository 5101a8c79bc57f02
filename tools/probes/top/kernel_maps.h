// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <vector>

#include "probes/bpf/top.h"
#include "probes/top/observation.h"

struct bpf_link;
struct bpf_map;

namespace top {

std::vector<top_instance> read_instances(const bpf_map* instances);
/// Takes them out.
std::vector<top_instance> take_closed(const bpf_map* closed);
std::vector<top_holder> find_holders(const bpf_link* iterator);

struct WorkerMaps {
  const bpf_map* workers;
  const bpf_map* instances;
  const bpf_map* threads;
};
/// Takes those out that are gone.
std::vector<WorkerSeen> take_workers(const WorkerMaps& maps);
/// Takes those of the closed instances out, whose last they are.
std::vector<HistogramsSeen> take_histograms(const bpf_map* histograms,
                                            const std::vector<top_instance>& closed);
/// Has the program that is attached note who waits already.
void find_waiters(const bpf_link* iterator);

}  // namespace top
