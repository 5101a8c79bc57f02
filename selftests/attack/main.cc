// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>

#include "attack/acts.h"
#include "attack/campaign.h"
#include "tools/util/run_program.h"

namespace {

using xpoll::attack::Options;
using xpoll::attack::Outcome;

constexpr const char* kExamples = R"(
For a guest that may crash or hang, with xpoll loaded. Processes without privilege attack an echo service,
on native epoll and on xpoll in turn, by the same acts. The service's client measures.

Examples:
  xpoll-attack --seed 7 --minutes 10
  xpoll-attack --seed 7 --minutes 1 --act nest_wide     one act alone
  make attack MINUTES=60

Exit status: 0 if
- in each act by itself and in all together, native epoll's rate is at most --factor times xpoll's;
- in none of these, xpoll pauses in two slices for more than 3 s and 10 times native epoll's longest pause;
- no call of the service on xpoll fails;
- each act that starts 20 times has an effect; an optional one only on xpoll, and if it has one on native;
- the service is attacked, and replies after each attack.
1 otherwise.
)";

void write(const std::string& path, const nlohmann::ordered_json& json) {
  std::ofstream file(path);
  if (!(file << json.dump(2) << "\n")) throw std::runtime_error("can't write " + path);
}

int run(const Options& options, const std::string& json_path) {
  const Outcome outcome = xpoll::attack::run(options);
  fmt::print("{}", outcome.text());
  if (!json_path.empty()) write(json_path, outcome.json());
  return outcome.faults().empty() ? 0 : 1;
}

std::vector<std::string> act_names() {
  std::vector<std::string> names;
  for (const xpoll::attack::Act& act : xpoll::attack::acts()) names.emplace_back(act.name);
  return names;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Attacks a service by processes without privilege, and measures what it still does.");
  app.footer(kExamples);
  Options options;
  double minutes = 2;
  long slice = options.slice.count();
  std::string json_path;
  app.add_option("--seed", options.seed, "Which acts")->capture_default_str();
  app.add_option("--minutes", minutes,
                 "Of both implementations together, and at least a slice each")
      ->check(CLI::Range(0.0, 10'000.0))
      ->capture_default_str();
  app.add_option("--slice", slice, "Seconds on one implementation before it is the other's turn")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  app.add_option("--attackers", options.attackers, "Processes that attack; each has up to 3 more")
      ->check(CLI::Range(std::size_t{1}, xpoll::attack::kAttackersMax))
      ->capture_default_str();
  app.add_option("--act", options.act, "Only this act")->check(CLI::IsMember(act_names()));
  app.add_option("--factor", options.limits.factor, "Most that native's rate may be, of xpoll's")
      ->capture_default_str();
  app.add_option("--json", json_path, "Write the result to this file");
  CLI11_PARSE(app, argc, argv);
  options.time = std::chrono::seconds(static_cast<long>(minutes * 60));
  options.slice = std::chrono::seconds(slice);
  return xpoll::run_program("xpoll-attack", 1, [&] { return run(options, json_path); });
}
