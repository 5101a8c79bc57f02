// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "campaign.h"
#include "report.h"
#include "tools/util/run_program.h"

namespace {

using xpoll::Backend;
using namespace xpoll::fuzz;

constexpr const char* kExamples = R"(
Examples:
  xpoll-fuzz --seed 1 --steps 100000
  xpoll-fuzz --seed 1 --episode 217 --steps 300      that episode alone, as the report named it
  xpoll-fuzz --seed 7 --steps 2000000 --progress --json /out/fuzz.json
  xpoll-fuzz --epoll-calls --steps 100000            xpoll by epoll's own system calls

In a guest:
  xpoll-vm run --kernel 6.1-amd64 --module build/6.1-amd64/xpoll.ko -- build/host/xpoll-fuzz

Exit status: 0 no difference, 1 a difference, 2 the fuzzer failed, 3 an operation never succeeded in
a run long enough for all of them.
)";

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Prints a line for every twentieth of the run.
class Progress {
 public:
  Progress(bool wanted, std::uint64_t steps) : wanted_(wanted), steps_(steps) {}

  void show(std::uint64_t done) {
    if (!wanted_ || (done < next_ && done < steps_)) return;
    next_ = done + steps_ / 20;
    fmt::print("# {} of {} steps, {:.0f} a second\n", done, steps_,
               static_cast<double>(done) / (now() - start_));
    std::fflush(stdout);
  }

 private:
  bool wanted_;
  std::uint64_t steps_;
  std::uint64_t next_ = 0;
  double start_ = now();
};

int fuzz(const Campaign& campaign, Backend second, bool show_progress,
         const std::string& json_file) {
  Stage stage(second);
  Progress progress(show_progress, campaign.steps);
  const double start = now();
  const std::optional<Finding> finding =
      campaign.run(stage, [&](std::uint64_t done) { progress.show(done); });
  const double seconds = now() - start;

  fmt::print("{}", stage.outcomes.table());
  if (!json_file.empty())
    std::ofstream(json_file) << to_json(campaign, finding, stage.outcomes).dump(2) << '\n';
  if (finding) {
    fmt::print("\n{}", to_text(campaign, *finding));
    return 1;
  }
  fmt::print("\n{} steps, seed {}: no difference. {:.0f} seconds.\n", campaign.steps, campaign.seed,
             seconds);
  const std::vector<std::string> never = never_succeeded(stage.outcomes);
  if (campaign.steps < kEnoughSteps || never.empty()) return 0;
  fmt::print("Never succeeded: {}\n", fmt::join(never, ", "));
  return 3;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Random steps on native epoll and on xpoll, side by side; they must not differ.");
  app.footer(kExamples);
  Campaign campaign;
  campaign.steps = kEnoughSteps;
  bool progress = false;
  bool native_only = false;
  bool epoll_calls = false;
  std::string json_file;
  app.add_option("--seed", campaign.seed, "Seed of the random steps")->capture_default_str();
  app.add_option("--steps", campaign.steps, "How many")->capture_default_str();
  app.add_option("--episode", campaign.first_episode, "Number of the first episode")
      ->capture_default_str();
  app.add_option("--json", json_file, "Write the result to this file too");
  app.add_flag(
      "--native-only", native_only,
      "Run both worlds on native epoll, to show that the fuzzer itself causes no difference");
  app.add_flag("--epoll-calls", epoll_calls,
               "Reach instances by epoll's own system calls instead of the library");
  app.add_flag("--progress", progress, "Show progress");
  CLI11_PARSE(app, argc, argv);
  return xpoll::run_program("xpoll-fuzz", 2, [&] {
    std::signal(SIGPIPE, SIG_IGN);
    if (epoll_calls) xpoll::set_route(xpoll::Route::kEpollCalls);
    return fuzz(campaign, native_only ? Backend::native() : Backend::xpoll(), progress, json_file);
  });
}
