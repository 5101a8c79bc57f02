// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace probes::path {

/// What tasks are called, asked of /proc once for each.
class TaskNames {
 public:
  /// "nginx/1234"; "idle" for 0; "task 1234" for one that has ended meanwhile.
  const std::string& of(std::uint32_t tid);

 private:
  std::map<std::uint32_t, std::string> names_;
};

}  // namespace probes::path
