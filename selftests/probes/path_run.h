// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "probes/program.h"
#include "probes/shared_tool.h"

namespace xpoll::test {

struct PathResult {
  ProgramResult program;
  std::vector<nlohmann::json> events;
  std::vector<nlohmann::json> summaries;

  // The last summary, which covers everything.
  const nlohmann::json& summary() const { return summaries.back(); }
  // The part for one implementation.
  const nlohmann::json& of(const std::string& implementation) const {
    return summary().at("implementations").at(implementation);
  }
};

// A run of xpoll-path that prints each event as JSON. It traces from construction on.
class PathRun {
 public:
  explicit PathRun(std::vector<std::string> options, const std::function<void()>& prepare = {});

  Program& program() { return program_; }
  // Sends Ctrl-C.
  PathResult interrupt();
  // Throws if the tool fails, or ends without a summary.
  PathResult join();

 private:
  Program program_;
};

// One run of xpoll-path for many tests, filtered by this process.
class SharedPath {
 public:
  SharedPath();

  // Later events are reported.
  void begin() { tool_.begin(); }
  // Returns the events since begin(), and the summary of their interval or, without events, of the
  // last one. Throws if two intervals have events.
  PathResult end();
  ProgramResult interrupt() { return tool_.interrupt(); }

 private:
  SharedTool tool_;
};

// The stages of an event, in the order of the report.
std::vector<std::string> stages_of(const nlohmann::json& event);

}  // namespace xpoll::test
