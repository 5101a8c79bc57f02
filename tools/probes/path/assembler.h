// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "probes/path/event.h"

namespace probes::path {

/// Assembles events from the records of path.bpf.c. The events of a wait are complete when the wait
/// returns.
class Assembler final {
 public:
  explicit Assembler(std::function<void(const Event&)> take);

  /// Throws std::runtime_error for a malformed record.
  void add(std::span<const std::byte> record);

  /// No more records follow. Events whose return was not seen count as incomplete.
  void end();

  /// Number of events that lack a stage which they must have passed, including their return.
  [[nodiscard]] std::uint64_t incomplete() const { return incomplete_; }

 private:
  void add_event(const path_event& record);
  void add_return(const path_return& record);
  void hand_over(Event& event, const path_return& record);

  std::function<void(const Event&)> take_;
  /// Events of each task that has not returned yet, by tid.
  std::map<std::uint32_t, std::vector<Event>> delivered_;
  std::uint64_t incomplete_ = 0;
};

}  // namespace probes::path
