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

  // The last, which is of all.
  const nlohmann::json& summary() const { return summaries.back(); }
  // Of one implementation in it.
  const nlohmann::json& of(const std::string& implementation) const {
    return summary().at("implementations").at(implementation);
  }
};

// A run of xpoll-path that tells each event, as JSON. It looks from when it is made.
class PathRun {
 public:
  explicit PathRun(std::vector<std::string> options, const std::function<void()>& prepare = {});

  Program& program() { return program_; }
  // Ctrl-C.
  PathResult interrupt();
  // Throws if it fails, or ends without a summary.
  PathResult join();

 private:
  Program program_;
};

// One run of xpoll-path for many tests, on what is delivered to this process.
class SharedPath {
 public:
  SharedPath();

  // What follows is reported.
  void begin() { tool_.begin(); }
  // The events since, and the summary of the interval in which they came; without events, of the
  // last. Throws if two intervals have events.
  PathResult end();
  ProgramResult interrupt() { return tool_.interrupt(); }

 private:
  SharedTool tool_;
};

// The stages of an event, in the order told.
std::vector<std::string> stages_of(const nlohmann::json& event);

}  // namespace xpoll::test
