// SPDX-License-Identifier: GPL-2.0-only
#include "apps/run_stats.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace xpoll::test {

RunStats& RunStats::operator+=(const RunStats& other) {
  instances += other.instances;
  watches += other.watches;
  wakeups += other.wakeups;
  events += other.events;
  return *this;
}

std::ostream& operator<<(std::ostream& out, const RunStats& stats) {
  return out << stats.instances << " instances, " << stats.watches << " watches, " << stats.wakeups
             << " wake-ups, " << stats.events << " events on xpoll";
}

RunStats read_stats(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("xpoll-run left no " + file.string());
  const auto json = nlohmann::json::parse(in);
  if (!json.at("xpoll").get<bool>())
    throw std::runtime_error("xpoll-run reports that it did not run on xpoll: " + json.dump());
  const auto& stats = json.at("stats");
  return {.instances = stats.at("instances").get<std::uint64_t>(),
          .watches = stats.at("watches").get<std::uint64_t>(),
          .wakeups = stats.at("wakeups").get<std::uint64_t>(),
          .events = stats.at("events").get<std::uint64_t>()};
}

}  // namespace xpoll::test
