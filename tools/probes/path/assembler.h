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

/// Makes events of the records of path.bpf.c: what a wait delivers is known in full when it
/// returns.
class Assembler final {
 public:
  explicit Assembler(std::function<void(const Event&)> take);

  /// Throws std::runtime_error at a record that is none of path.bpf.c's.
  void add(std::span<const std::byte> record);

  /// No more records come: events that still wait for their return never get it.
  void end();

  /// Events that lacked a stage which they must have passed, their return among them.
  [[nodiscard]] std::uint64_t incomplete() const { return incomplete_; }

 private:
  void add_event(const path_event& record);
  void add_return(const path_return& record);
  void hand_over(Event& event, const path_return& record);

  std::function<void(const Event&)> take_;
  /// Of each task that has not returned yet.
  std::map<std::uint32_t, std::vector<Event>> delivered_;
  std::uint64_t incomplete_ = 0;
};

}  // namespace probes::path
