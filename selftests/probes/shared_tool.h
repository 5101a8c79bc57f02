// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "probes/program.h"

namespace xpoll::test {

// One run of a tool for many tests: its probes take a second and more to attach and to detach. The
// tool reports intervals in lines of JSON, and is stopped in between. The probes go on while it is
// stopped, so that one interval has all that happens from begin() to end().
class SharedTool {
 public:
  // The arguments make it write JSON. `watching` is what it writes to standard error once its
  // probes are attached, `type` the type of the line that ends an interval.
  SharedTool(const std::string& name, std::vector<std::string> arguments,
             const std::string& watching, std::string type);

  // What happened until now is reported to nobody.
  void begin();
  // The lines about what happened since begin(), in the order told. The last ones may be about
  // nothing.
  std::vector<nlohmann::json> end();
  // Ctrl-C.
  ProgramResult interrupt();

 private:
  void report_twice();
  std::string unread() const;

  Program program_;
  const std::string mark_;
  std::size_t read_ = 0;
};

}  // namespace xpoll::test
