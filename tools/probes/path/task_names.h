// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace probes::path {

/// Names of tasks, read from /proc once per task.
class TaskNames {
 public:
  /// "nginx/1234"; "idle" for 0; "task 1234" for a task that has ended.
  const std::string& of(std::uint32_t tid);

 private:
  std::map<std::uint32_t, std::string> names_;
};

}  // namespace probes::path
