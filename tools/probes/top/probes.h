// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/libbpf.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "probes/bpf/top.h"
#include "probes/top.skel.h"
#include "probes/top/interval.h"
#include "probes/top/ledger.h"
#include "probes/top/observation.h"
#include "probes/util/probe_set.h"
#include "probes/util/skeleton.h"

namespace top {

/// The BPF programs, attached while the object lives.
class Probes final {
 public:
  /// Watches the requested kinds that are available. Throws Unavailable.
  Probes(const Watched& wanted, bool histograms);

  const Watched& watched() const { return watched_; }
  const std::array<Known, TOP_KINDS>& known() const { return known_; }
  /// The probes in use and the figures that are not available, one per line.
  const std::vector<std::string>& notes() const { return notes_; }

  /// Existing instances are counted from the first observation on.
  Observation observe() const;
  Lost lost() const;
  /// See WatchesBefore.
  std::optional<std::int64_t> watches_before(const top_instance& instance) const;

 private:
  void choose_native();
  void choose_native_calls();
  void choose_native_scan();
  void choose_xpoll(probes::ProbeSet& set);
  void choose_xpoll_waiter();

  probes::Skeleton<top_bpf> bpf_;
  Watched watched_;
  std::array<Known, TOP_KINDS> known_{};
  std::vector<std::string> notes_;
  std::vector<probes::ProbeUse> kprobes_;  ///< probes whose misses the kernel does not count
};

}  // namespace top
