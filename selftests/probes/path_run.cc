// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path_run.h"

#include <csignal>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace xpoll::test {
namespace {

std::vector<std::string> with_all_events(std::vector<std::string> options) {
  for (const char* word : {"--json", "--timelines", "1000000"}) options.emplace_back(word);
  return options;
}

}  // namespace

PathRun::PathRun(std::vector<std::string> options, const std::function<void()>& prepare)
    : program_("xpoll-path", with_all_events(std::move(options)), prepare) {
  program_.wait_for_error("looking at");
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
  for (std::string line; std::getline(lines, line);) {
    nlohmann::json json = nlohmann::json::parse(line);
    auto& of_type = json.at("type") == "event" ? result.events : result.summaries;
    of_type.push_back(std::move(json));
  }
  if (result.summaries.empty()) throw std::runtime_error("no summary in: " + result.program.out);
  return result;
}

std::vector<std::string> stages_of(const nlohmann::json& event) {
  std::vector<std::string> stages;
  for (const nlohmann::json& stage : event.at("stages")) stages.push_back(stage.at("stage"));
  return stages;
}

}  // namespace xpoll::test
