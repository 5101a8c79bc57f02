// SPDX-License-Identifier: GPL-2.0-only
// The counts of a run as rows of a table: for the text, the JSON and the page alike.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "probes/util/distribution.h"
#include "run.h"

namespace probes::compare {

struct Figure {
  const char* name;  ///< in JSON
  __u64 counts::*field;
  const char* meaning;
};

inline constexpr std::array kFigures{
    Figure{"events", &counts::events, "events delivered"},
    Figure{"waits", &counts::waits, "waits"},
    Figure{"waits_slept", &counts::waits_slept, "waits that slept"},
    Figure{"waits_empty", &counts::waits_empty, "waits that found nothing"},
    Figure{"waits_failed", &counts::waits_failed, "waits that failed"},
    Figure{"callbacks", &counts::callbacks, "wake-ups of watched files"},
    Figure{"wakeups", &counts::wakeups, "wake-ups of waiters"},
    Figure{"sleeps", &counts::sleeps, "sleeps in a wait"},
    Figure{"all_wakeups", &counts::all_wakeups, "wake-ups of any of its threads"},
    Figure{"voluntary_switches", &counts::voluntary_switches, "context switches, voluntary"},
    Figure{"involuntary_switches", &counts::involuntary_switches, "context switches, involuntary"},
    Figure{"tasks", &counts::tasks, "processes and threads"},
};

struct Call {
  std::string name;
  std::uint64_t count;
};

/// The system calls that were made, the most frequent first; xpoll's commands under their own
/// names.
std::vector<Call> calls_of(const counts& figures);

std::uint64_t all_calls(const counts& figures);

/// Nothing if no event was delivered.
std::optional<double> per_event(std::uint64_t count, const counts& figures);

/// One name's counts on either side; 0 is what a run that never made the call has counted.
struct CallRow {
  std::string name;
  std::uint64_t native;
  std::uint64_t xpoll;
};

/// The calls of both runs, those made most often in either first.
std::vector<CallRow> call_rows(const Comparison& comparison);

/// A step from stage to stage on either side; empty where no event took it.
struct StepRow {
  std::string name;
  bool leaves_none_out = true;  ///< the two stages are neighbours
  bool same_code = false;       ///< the kernel does the same on both sides
  Distribution native;
  Distribution xpoll;
};

/// The steps of both runs in the order of the way. Empty if no event was followed.
std::vector<StepRow> step_rows(const Comparison& comparison);

/// From the packet to the return.
StepRow whole_way(const Comparison& comparison);

/// What the reader must know of the two runs, a line each.
std::vector<std::string> all_notes(const Comparison& comparison);

}  // namespace probes::compare
