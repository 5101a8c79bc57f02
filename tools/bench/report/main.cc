// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "comparison.h"
#include "goals.h"
#include "plots.h"
#include "results.h"
#include "table.h"
#include "tools/util/file.h"
#include "tools/util/run_program.h"

using namespace bench_report;

namespace {

constexpr const char* kExamples = R"help(Examples:
  xpoll-bench-report table build/bench/6.1-amd64.json
  xpoll-bench-report table build/bench/6.1-amd64.json --markdown 6.1.md --json 6.1-table.json
  xpoll-bench-report compare --base before.json build/bench/6.1-amd64.json
  xpoll-bench-report merge --out all.json loaded.json unloaded.json
)help";

struct Options {
  std::string input;
  std::vector<std::string> runs;
  std::string base;
  std::string out;
  std::string markdown;
  std::string json;
  std::string plots;
  std::string profiles;
  bool complete = false;
  double threshold = 0.005;
};

nlohmann::json read_json(const std::string& path) {
  return nlohmann::json::parse(xpoll::read_file(path));
}

void write_json(const std::string& path, const nlohmann::json& json) {
  xpoll::write_file(path, json.dump(2) + "\n");
}

/// A goal that was judged nowhere looks as if it were met.
void require_all_goals(const Results& results) {
  const std::vector<std::string> missing = unjudged(results);
  if (missing.empty()) return;
  throw std::runtime_error(fmt::format("no row for these goals: {}", fmt::join(missing, "; ")));
}

void print_table(const Options& options) {
  const Results results = read_results(read_json(options.input));
  const std::string table = to_table(results, options.profiles);
  fmt::print("{}", table);
  if (!options.markdown.empty()) xpoll::write_file(options.markdown, table);
  if (!options.json.empty()) write_json(options.json, to_json(results));
  if (!options.plots.empty()) write_plots(to_plots(results), results.kernel, options.plots);
  if (options.complete) require_all_goals(results);
}

void print_comparison(const Options& options) {
  const Results base = read_results(read_json(options.base));
  const Results now = read_results(read_json(options.input));
  fmt::print("{}", changes_table(base, now, options.threshold));
  if (!options.json.empty()) write_json(options.json, changes_json(base, now, options.threshold));
}

void merge_runs(const Options& options) {
  std::vector<nlohmann::json> runs;
  for (const std::string& path : options.runs) runs.push_back(read_json(path));
  write_json(options.out, merge(runs));
}

int dispatch(int argc, char** argv) {
  Options options;
  CLI::App app{"Makes tables from the results of xpoll-bench."};
  app.footer(kExamples);
  app.require_subcommand(1);
  CLI::App* table = app.add_subcommand("table", "Show the goals and all figures, with ratios");
  table->add_option("results", options.input, "What xpoll-bench wrote")->required();
  table->add_option("--markdown", options.markdown, "Write the table to this file too");
  table->add_option(
      "--plots", options.plots,
      "Write gnuplot scripts and data to this directory; run there, they make SVG files");
  table->add_option("--profiles", options.profiles,
                    "Directory with profiles, to link from missed goals");
  table->add_option("--json", options.json, "Write it as JSON to this file");
  table->add_flag("--complete", options.complete, "Fail if a goal has no row");
  CLI::App* compare = app.add_subcommand("compare", "What changed");
  compare->add_option("--base", options.base, "Earlier results")->required();
  compare->add_option("results", options.input, "Results now")->required();
  compare
      ->add_option("--threshold", options.threshold,
                   "Smallest relative difference that counts as a change")
      ->capture_default_str();
  compare->add_option("--json", options.json, "Write it as JSON to this file");
  CLI::App* merger = app.add_subcommand("merge", "Merge several runs on one kernel");
  merger->add_option("runs", options.runs, "What xpoll-bench wrote")->required();
  merger->add_option("--out", options.out, "Result")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (*table) print_table(options);
  if (*compare) print_comparison(options);
  if (*merger) merge_runs(options);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return xpoll::run_program("xpoll-bench-report", 1, [&] { return dispatch(argc, argv); });
}
