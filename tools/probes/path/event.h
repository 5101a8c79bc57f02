// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "probes/path/stage.h"

namespace probes::path {

/// Records when and where a stage was passed.
struct Mark {
  std::uint64_t ns = 0;   ///< CLOCK_MONOTONIC
  std::uint32_t tid = 0;  ///< the task that was running on the CPU; 0: idle
  std::uint32_t cpu = 0;
};

/// One event that was delivered to a task, with its path.
struct Event {
  Kind kind = Kind::native;
  /// By Stage. Some stages may be absent: a wait that never slept is not woken, and data that was
  /// there before the watch, or that the task found while it arrived, needed no callback.
  std::array<std::optional<Mark>, kStages> marks;
  std::uint64_t instance = 0;  ///< identifies the instance
  std::optional<int> fd;       ///< the watched descriptor, if the callback reported it
  std::uint32_t packets = 0;   ///< packets that arrived before the task took the event
  std::uint32_t mask = 0;      ///< the socket's ready events
  std::uint32_t tid = 0;
  std::uint32_t tgid = 0;
  std::string comm;
  std::uint16_t local_port = 0;
  std::uint16_t remote_port = 0;
  int batch = 0;                           ///< number of events that the wait returned
  std::optional<std::uint64_t> asleep_ns;  ///< when the task last went to sleep in the wait
  std::optional<Mark> woken;               ///< the task's last wake-up, by this event or by
                                           ///< anything else

  [[nodiscard]] const std::optional<Mark>& at(Stage stage) const { return marks[index_of(stage)]; }

  /// The task slept when the event arrived and nothing else had woken it, so this event had to.
  [[nodiscard]] bool came_to_sleeper() const;

  /// The event has every stage that it must have passed.
  [[nodiscard]] bool complete() const;

  /// The stages are in chronological order.
  [[nodiscard]] bool ordered() const;
};

}  // namespace probes::path
