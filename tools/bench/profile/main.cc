// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "profile.h"
#include "profile_table.h"
#include "report/results.h"
#include "round_counts.h"
#include "symbols.h"
#include "tools/util/file.h"
#include "tools/util/run_program.h"

using namespace bench_profile;

namespace {

constexpr const char* kExamples = R"help(Examples:
  make profile
  make profile KERNEL=6.12-amd64 BENCH='^ctl_add_tcp/(epoll|xpoll)/1000$$'
  xpoll-bench-profile --counts counts --kallsyms kallsyms --out build/profile loaded.json
)help";

struct Options {
  std::string counts;
  std::string kallsyms;
  std::string out;
  std::vector<std::string> runs;
};

std::ifstream open(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(fmt::format("cannot read {}", path));
  return file;
}

std::vector<nlohmann::json> read_runs(const std::vector<std::string>& paths) {
  std::vector<nlohmann::json> runs;
  for (const std::string& path : paths) {
    runs.push_back(nlohmann::json::parse(xpoll::read_file(path)));
  }
  return runs;
}

void write(const Profile& profile, const std::string& kernel,
           const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / ("profile-" + file_name(profile));
  const std::string text = to_text(profile, kernel);
  fmt::print("{}\n", text);
  xpoll::write_file(path.string() + ".txt", text);
  xpoll::write_file(path.string() + ".json", to_json(profile, kernel).dump(2) + "\n");
  xpoll::write_file(path.string() + ".gp", to_plot(profile, kernel));
}

void run(const Options& options) {
  std::ifstream counts = open(options.counts);
  std::ifstream kallsyms = open(options.kallsyms);
  const auto runs = read_runs(options.runs);
  const std::string kernel = bench_report::read_results(bench_report::merge(runs)).kernel;
  std::filesystem::create_directories(options.out);
  for (const Profile& profile : to_profiles(read_counts(counts), Symbols(kallsyms), runs)) {
    write(profile, kernel, options.out);
  }
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Shows which functions execute the instructions of a benchmark."};
  app.footer(kExamples);
  app.add_option("--counts", options.counts, "Counts that the plugin wrote")->required();
  app.add_option("--kallsyms", options.kallsyms, "The guest's /proc/kallsyms")->required();
  app.add_option("--out", options.out, "Directory for profile-SUBJECT.txt, .json and .gp")
      ->required();
  app.add_option("runs", options.runs, "Files that xpoll-bench wrote, in the order of the runs")
      ->required();
  CLI11_PARSE(app, argc, argv);
  return xpoll::run_program("xpoll-bench-profile", 1, [&] {
    run(options);
    return 0;
  });
}
