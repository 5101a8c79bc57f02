// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "probes/program.h"

namespace xpoll::test {

// One run of a tool for many tests, because attaching and detaching its probes takes a second or
// more. The tool prints intervals as JSON lines and is stopped in between. The probes continue
// while it is stopped, so one interval covers everything from begin() to end().
class SharedTool {
 public:
  // The arguments must select JSON. `watching` is what the tool writes to standard error once its
  // probes are attached, `type` the type of the line that ends an interval.
  SharedTool(const std::string& name, std::vector<std::string> arguments,
             const std::string& watching, std::string type);

  // Discards everything that happened before.
  void begin();
  // The lines about everything since begin(), in order. The last ones may be empty.
  std::vector<nlohmann::json> end();
  // Sends Ctrl-C.
  ProgramResult interrupt();

 private:
  void report_twice();
  std::string unread() const;

  Program program_;
  const std::string mark_;
  std::size_t read_ = 0;
};

}  // namespace xpoll::test
