// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

#include "ioctlfuzz/campaign.h"
#include "ioctlfuzz/worker.h"
#include "tools/util/run_program.h"
#include "tools/util/text_table.h"
#include "util/matchers.h"

namespace {

using xpoll::ioctlfuzz::Coverage;
using xpoll::ioctlfuzz::Options;
using xpoll::ioctlfuzz::Tally;

// So many steps make every call succeed often.
constexpr std::uint64_t kEnoughSteps = 5'000;

constexpr const char* kExamples = R"(
For a guest that may crash, with xpoll loaded. Where the kernel has KCOV and the module is built with
KCOV_INSTRUMENT=y, steps that reach new code of the module are repeated with changes.

Examples:
  xpoll-ioctlfuzz --seed 7 --steps 100000
  xpoll-ioctlfuzz --seed 7 --steps 100000 --threads 1     one thread's steps, which repeat exactly
  xpoll-vm run --kernel 6.1-debug --smp 4 --module build/6.1-debug/kcov/xpoll.ko --out /tmp/fuzz \
      -- build/host/xpoll-ioctlfuzz --seed 1 --json /out/fuzz.json

Exit status: 0 if every call gave a result that uapi/linux/xpoll.h allows; in 5,000 steps or more,
each succeeded at least once; and with --coverage there was coverage. 1 otherwise.
)";

std::string name_of(int error) { return error == 0 ? "ok" : xpoll::test::errno_text(error); }

void print_table(const Tally& tally) {
  xpoll::TextTable table({xpoll::left("", 10), xpoll::left()}, 1);
  for (const auto& [call, results] : tally.counts()) {
    std::vector<std::string> cells;
    for (const auto& [error, times] : results)
      cells.push_back(fmt::format("{} {}", name_of(error), times));
    table.add({call, fmt::format("{}", fmt::join(cells, " "))});
  }
  fmt::print("{}", table.text());
}

void print_coverage(const std::optional<Coverage>& coverage) {
  if (!coverage)
    fmt::print("no coverage: the kernel has no KCOV\n");
  else if (coverage->places == 0)
    fmt::print("no coverage: the module is built without KCOV_INSTRUMENT=y\n");
  else
    fmt::print("{} places of the module reached, by {} windows of steps\n", coverage->places,
               coverage->windows);
}

// Calls that reached nothing: the fuzzer does not test what it should.
std::vector<std::string> never_succeeded(const Options& options, const Tally& tally) {
  std::vector<std::string> never;
  if (options.steps < kEnoughSteps) return never;
  for (const std::string& call : xpoll::ioctlfuzz::calls_that_succeed()) {
    const auto results = tally.counts().find(call);
    if (results == tally.counts().end() || !results->second.contains(0)) never.push_back(call);
  }
  return never;
}

nlohmann::json to_json(const Options& options, const Tally& tally,
                       const std::optional<Coverage>& coverage) {
  nlohmann::json json{{"seed", options.seed},
                      {"steps", options.steps},
                      {"threads", options.threads},
                      {"violations", tally.violations()},
                      {"never_succeeded", never_succeeded(options, tally)}};
  for (const auto& [call, results] : tally.counts())
    for (const auto& [error, times] : results) json["calls"][call][name_of(error)] = times;
  if (coverage) json["coverage"] = {{"places", coverage->places}, {"windows", coverage->windows}};
  return json;
}

void write(const std::string& path, const nlohmann::json& json) {
  std::ofstream file(path);
  if (!(file << json.dump(2) << "\n")) throw std::runtime_error("can't write " + path);
}

int fuzz(const Options& options, const std::string& json_path, bool needs_coverage) {
  Tally tally;
  const std::optional<Coverage> coverage = xpoll::ioctlfuzz::run(options, tally);
  print_table(tally);
  print_coverage(coverage);
  for (const std::string& violation : tally.violations()) fmt::print("VIOLATION {}\n", violation);
  fmt::print("seed {}: {} steps, {} violations\n", options.seed, options.steps,
             tally.violations().size());
  if (!json_path.empty()) write(json_path, to_json(options, tally, coverage));
  const std::vector<std::string> never = never_succeeded(options, tally);
  if (!never.empty()) fmt::print("never succeeded: {}\n", fmt::join(never, ", "));
  const bool covered = !needs_coverage || (coverage && coverage->places > 0);
  return tally.violations().empty() && never.empty() && covered ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Calls xpoll with valid, invalid and vanishing arguments, from many threads at once.");
  app.footer(kExamples);
  Options options;
  std::string json_path;
  bool needs_coverage = false;
  app.add_option("--seed", options.seed, "Which steps")->capture_default_str();
  app.add_option("--steps", options.steps, "Number of steps, of all threads together")
      ->capture_default_str();
  app.add_option("--threads", options.threads, "Threads that make calls; one more unmaps memory")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app.add_option("--json", json_path, "Write the result to this file");
  app.add_flag("--coverage", needs_coverage, "Fail without coverage of the module's code");
  CLI11_PARSE(app, argc, argv);
  // Writing to a socket whose peer is gone must be an error like any other.
  std::signal(SIGPIPE, SIG_IGN);
  return xpoll::run_program("xpoll-ioctlfuzz", 1,
                            [&] { return fuzz(options, json_path, needs_coverage); });
}
