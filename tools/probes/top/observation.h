// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <vector>

#include "probes/bpf/top.h"

namespace top {

/// A thread that waits or has waited on an instance.
struct WorkerSeen {
  top_worker_key key{};
  top_worker worker{};
  /// The thread has ended or the instance is closed: these are its final values.
  bool gone = false;
};

/// The histograms of an instance.
struct HistogramsSeen {
  top_histogram_key key{};
  top_histograms histograms{};
};

/// The state of the probes at one time.
struct Observation {
  std::vector<top_instance> open;
  /// Instances closed since the last observation.
  std::vector<top_instance> closed;
  std::vector<top_holder> holders;
  std::vector<WorkerSeen> workers;
  /// Of open and closed instances.
  std::vector<HistogramsSeen> histograms;
  /// CLOCK_MONOTONIC time at which the workers were read.
  std::uint64_t ns = 0;
  /// Number of completed observations.
  std::uint64_t turn = 0;
};

}  // namespace top
