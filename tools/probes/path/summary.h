// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "probes/path/event.h"
#include "probes/util/distribution.h"

namespace probes::path {

/// From one stage that events passed to the next one that they passed.
struct Step {
  Stage from = Stage::received;
  Stage to = Stage::received;

  /// In path order; among steps to the same stage, the shortest first.
  friend bool operator<(const Step& left, const Step& right) {
    return left.to != right.to ? left.to < right.to : left.from > right.from;
  }
  friend bool operator==(const Step&, const Step&) = default;
};

/// A summary of the events of one implementation.
struct KindSummary {
  std::uint64_t events = 0;
  std::uint64_t packets = 0;
  std::uint64_t woken = 0;             ///< events whose callback woke the task
  std::uint64_t not_asleep = 0;        ///< events whose wait never slept, or was woken by something
                                       ///< else
  std::uint64_t no_callback = 0;       ///< of these, events whose data was found before a callback
                                       ///< reported it
  std::uint64_t out_of_order = 0;      ///< events with a stage earlier than its predecessor
  std::map<Step, Distribution> steps;  ///< in nanoseconds
  Distribution total;                  ///< from the packet to the return

  void add(const Event& event);
};

/// A summary of the events delivered to one thread.
struct WorkerSummary {
  std::uint32_t tid = 0;
  std::uint32_t tgid = 0;
  std::string comm;
  KindSummary summary;
};

/// The summaries of both implementations.
class Summary {
 public:
  void add(const Event& event);

  [[nodiscard]] KindSummary& of(Kind kind) { return kinds_[static_cast<std::size_t>(kind)]; }
  [[nodiscard]] const KindSummary& of(Kind kind) const {
    return kinds_[static_cast<std::size_t>(kind)];
  }
  /// Sorted by number of events, largest first.
  [[nodiscard]] std::vector<const WorkerSummary*> workers_of(Kind kind) const;
  [[nodiscard]] std::uint64_t events() const;

 private:
  std::array<KindSummary, PATH_KINDS> kinds_;
  std::array<std::map<std::uint32_t, WorkerSummary>, PATH_KINDS> workers_;  // by tid
};

}  // namespace probes::path
