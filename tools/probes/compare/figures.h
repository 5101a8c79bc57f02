// SPDX-License-Identifier: GPL-2.0-only
// The counts of a run as rows of a table, for the text, the JSON and the page.
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
  const char* name;  ///< name in JSON
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

/// The system calls of a run, most frequent first. xpoll's commands have their own names.
std::vector<Call> calls_of(const counts& figures);

std::uint64_t all_calls(const counts& figures);

/// Empty if no event was delivered.
std::optional<double> per_event(std::uint64_t count, const counts& figures);

/// The counts of one call on both sides; 0 if that run never made the call.
struct CallRow {
  std::string name;
  std::uint64_t native;
  std::uint64_t xpoll;
};

/// The calls of both runs, sorted by the larger count.
std::vector<CallRow> call_rows(const Comparison& comparison);

/// A step between two stages on both sides; empty where no event took it.
struct StepRow {
  std::string name;
  bool leaves_none_out = true;  ///< the two stages are adjacent
  bool same_code = false;       ///< the kernel runs the same code on both sides
  Distribution native;
  Distribution xpoll;
};

/// The steps of both runs, in path order. Empty if no event was followed.
std::vector<StepRow> step_rows(const Comparison& comparison);

/// From the packet to the return.
StepRow whole_way(const Comparison& comparison);

/// Notes on both runs for the reader, one per line.
std::vector<std::string> all_notes(const Comparison& comparison);

}  // namespace probes::compare
