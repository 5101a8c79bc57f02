// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "probes/path/stage.h"

namespace probes::path {

/// That a stage was passed.
struct Mark {
  std::uint64_t ns = 0;   ///< CLOCK_MONOTONIC
  std::uint32_t tid = 0;  ///< whom the processor was running; 0: idle
  std::uint32_t cpu = 0;
};

/// One event that was delivered to a task, with its way there.
struct Event {
  Kind kind = Kind::native;
  /// By Stage. Not every way has every stage: a wait that never slept is not woken; data that was
  /// there before its watch, or that the task found while it came, needed no callback.
  std::array<std::optional<Mark>, kStages> marks;
  std::uint64_t instance = 0;  ///< tells instances apart
  std::optional<int> fd;       ///< the watched descriptor, if the callback told it
  std::uint32_t packets = 0;   ///< that came before the task took the event
  std::uint32_t mask = 0;      ///< what the socket was ready for
  std::uint32_t tid = 0;
  std::uint32_t tgid = 0;
  std::string comm;
  std::uint16_t local_port = 0;
  std::uint16_t remote_port = 0;
  int batch = 0;                           ///< what the wait returned: events delivered by it
  std::optional<std::uint64_t> asleep_ns;  ///< when the task last went to sleep in the wait
  std::optional<Mark> woken;               ///< what woke it last, this event or anything else

  [[nodiscard]] const std::optional<Mark>& at(Stage stage) const { return marks[index_of(stage)]; }

  /// The task slept when the event came, and nothing else had woken it: this one had to.
  [[nodiscard]] bool came_to_sleeper() const;

  /// Nothing is missing that the event must have passed.
  [[nodiscard]] bool complete() const;

  /// No stage is earlier than one before it.
  [[nodiscard]] bool ordered() const;
};

}  // namespace probes::path
