// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path_run.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace xpoll::test {
namespace {

constexpr const char* kLooking = "looking at";

std::vector<std::string> with_all_events(std::vector<std::string> options) {
  for (const char* word : {"--json", "--timelines", "1000000"}) options.emplace_back(word);
  return options;
}

void add(nlohmann::json line, PathResult& result) {
  auto& of_type = line.at("type") == "event" ? result.events : result.summaries;
  of_type.push_back(std::move(line));
}

bool has_events(const nlohmann::json& summary) {
  for (const nlohmann::json& implementation : summary.at("implementations"))
    if (implementation.at("events") != 0) return true;
  return false;
}

}  // namespace

PathRun::PathRun(std::vector<std::string> options, const std::function<void()>& prepare)
    : program_("xpoll-path", with_all_events(std::move(options)), prepare) {
  program_.wait_for_error(kLooking);
}

PathResult PathRun::interrupt() {
  program_.signal(SIGINT);
  return join();
}

PathResult PathRun::join() {
  PathResult result{.program = program_.join(), .events = {}, .summaries = {}};
  if (result.program.status != 0)
    throw std::runtime_error("xpoll-path failed: " + result.program.err);
  std::istringstream lines(result.program.out);
  for (std::string line; std::getline(lines, line);) add(nlohmann::json::parse(line), result);
  if (result.summaries.empty()) throw std::runtime_error("no summary in: " + result.program.out);
  return result;
}

SharedPath::SharedPath()
    : tool_("xpoll-path", with_all_events({"--pid", std::to_string(getpid())}), kLooking,
            "summary") {}

PathResult SharedPath::end() {
  PathResult result;
  for (nlohmann::json& line : tool_.end()) add(std::move(line), result);
  const auto first = std::ranges::find_if(result.summaries, has_events);
  if (first == result.summaries.end()) return result;
  if (std::any_of(first + 1, result.summaries.end(), has_events))
    throw std::runtime_error("two intervals with events");
  result.summaries = {*first};
  return result;
}

std::vector<std::string> stages_of(const nlohmann::json& event) {
  std::vector<std::string> stages;
  for (const nlohmann::json& stage : event.at("stages")) stages.push_back(stage.at("stage"));
  return stages;
}

}  // namespace xpoll::test
