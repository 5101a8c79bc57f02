// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "probes/path/event.h"
#include "probes/path/options.h"
#include "probes/path/summary.h"
#include "probes/path/task_names.h"
#include "probes/path/tracer.h"
#include "probes/util/terminal.h"

namespace probes::path {

/// Prints as text or as JSON.
class Output final {
 public:
  Output(const Options& options, std::vector<Kind> kinds);

  /// Prints what is traced, and through which probes.
  void started(const Tracer& tracer) const;
  /// Prints the event unless the requested number of events was printed.
  void event(const Event& event);
  void summary(const Summary& summary, const Tracer& tracer, double seconds) const;
  /// Shows progress on a terminal.
  void progress(std::uint64_t events) const;
  void end_progress() const;

 private:
  void summary_json(const Summary& summary, const Tracer& tracer, double seconds) const;
  void summary_text(const Summary& summary, const Tracer& tracer, double seconds) const;

  const Options& options_;
  std::vector<Kind> kinds_;
  Terminal out_{stdout};
  Terminal err_{stderr};
  TaskNames names_;
  std::map<Kind, std::uint64_t> shown_;
};

}  // namespace probes::path
