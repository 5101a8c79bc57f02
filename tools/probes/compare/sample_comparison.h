// SPDX-License-Identifier: GPL-2.0-only
// A comparison for tests of the text, JSON, page and picture.
#pragma once

#include <cstdint>

#include "run.h"

namespace probes::compare {

/// An event whose task was asleep, each stage `step_ns` after the previous one.
inline path::Event sample_event(path::Kind kind, std::uint64_t step_ns) {
  path::Event event;
  event.kind = kind;
  event.packets = 1;
  std::uint64_t now = 1000000;
  for (auto& mark : event.marks) mark = path::Mark{.ns = now += step_ns, .tid = 1, .cpu = 0};
  event.asleep_ns = 1;
  return event;
}

inline Run sample_run(path::Kind kind, std::uint64_t step_ns) {
  Run run;
  run.figures.tasks = 1;
  run.figures.events = 100;
  run.figures.waits = 50;
  run.figures.voluntary_switches = 25;
  run.figures.events_per_wait[1] = 50;
  run.figures.system_calls[0] = 7;  // read
  for (int i = 0; i < 10; ++i) run.path.add(sample_event(kind, step_ns));
  return run;
}

/// Each stage takes 1 us on native epoll and 2 us on xpoll.
inline Comparison sample_comparison() {
  Comparison comparison{.what = "server & <client>",
                        .kernel = "6.1.0-test",
                        .machine = "a machine for tests",
                        .date = "2026-11-28",
                        .remark = "",
                        .native = sample_run(path::Kind::native, 1000),
                        .xpoll = sample_run(path::Kind::xpoll, 2000)};
  comparison.native.figures.native_instances = 1;
  comparison.xpoll.figures.xpoll_instances = 1;
  comparison.native.figures.system_calls[232] = 50;  // epoll_wait
  comparison.xpoll.figures.xpoll_commands[COUNTS_XPOLL_WAIT] = 50;
  return comparison;
}

}  // namespace probes::compare
