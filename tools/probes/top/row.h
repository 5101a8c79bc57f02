// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "probes/bpf/top.h"

namespace top {

const char* kind_name(top_kind kind);

/// The activity of an instance in an interval. Empty fields could not be measured.
struct Figures {
  std::uint64_t callbacks = 0;
  std::uint64_t wakes = 0;
  std::uint64_t events = 0;
  std::uint64_t overflows = 0;
  std::optional<std::uint64_t> spurious = 0;
  std::optional<std::uint64_t> scan_ns = 0;
  /// Waits that began before the probes were attached and were woken in this interval.
  std::uint64_t waits_under_way = 0;

  Figures& operator+=(const Figures& other);
};

/// Empty if there were no wakes.
std::optional<double> events_per_wake(const Figures& figures);

struct Holder {
  pid_t pid = 0;
  int fd = -1;
  std::string command;
};

/// As in struct top_histograms.
using Histogram = std::array<std::uint64_t, TOP_BUCKETS>;
using Histograms = std::array<Histogram, TOP_HISTOGRAMS>;

struct Row {
  top_kind kind = TOP_NATIVE;
  std::uint64_t ep = 0;
  /// Distinguishes it from an earlier instance at this address.
  std::uint64_t seen_since = 0;
  /// The descriptors of the instance; the first one is shown. If it is closed, its last holder.
  std::vector<Holder> holders;
  /// It did not exist at the last observation.
  bool fresh = false;
  bool closed = false;
  std::optional<std::uint64_t> watches;
  Figures figures;
  Histograms histograms{};
};

}  // namespace top
