// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <vector>

#include "probes/bpf/top.h"

namespace top {

/// A thread that waits on an instance, or has.
struct WorkerSeen {
  top_worker_key key{};
  top_worker worker{};
  /// The thread has ended or the instance is closed: this is the last that is seen of it.
  bool gone = false;
};

/// The histograms of an instance.
struct HistogramsSeen {
  top_histogram_key key{};
  top_histograms histograms{};
};

/// What the probes hold at one time.
struct Observation {
  std::vector<top_instance> open;
  /// Closed since the last observation.
  std::vector<top_instance> closed;
  std::vector<top_holder> holders;
  std::vector<WorkerSeen> workers;
  /// Of the open and of the closed.
  std::vector<HistogramsSeen> histograms;
  /// When the workers were read, by CLOCK_MONOTONIC.
  std::uint64_t ns = 0;
  /// Number of observations that were made before.
  std::uint64_t turn = 0;
};

}  // namespace top
