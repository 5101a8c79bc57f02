// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "report/app_rows.h"
#include "report/counts.h"
#include "report/parts.h"
#include "report/step.h"
#include "report/summary.h"
#include "tools/util/file.h"
#include "tools/util/run_program.h"

using namespace xpoll::report;

namespace {

constexpr const char* kExamples = R"help(Examples:
  xpoll-report step --name shellcheck --dir build/check/static -- shellcheck packaging/setup
  xpoll-report row --dir build/check 6.1-amd64
  xpoll-report summary --dir build/check 6.1-amd64 6.12-rt
  xpoll-report total --parts build/ci/parts build/lint/summary.json build/check/summary.json
  xpoll-report apps --dir build/check 6.1-amd64-apps 6.12-amd64-apps
)help";

struct Options {
  std::string name;
  std::string directory;
  std::string parts;
  int failed = 0;
  bool live = false;
  std::vector<std::string> words;
};

/** Prints a guest's output without the lines of passed tests. */
void print_failures(const std::filesystem::path& log) {
  std::istringstream lines{std::filesystem::exists(log) ? xpoll::read_file(log) : ""};
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("ok ")) fmt::print("{}\n", line);
  }
}

void print_rows(const Options& options) {
  for (const std::string& name : options.words) {
    const Row row = guest_row(options.directory, name);
    fmt::print("{}", to_line(row));
    if (row.counts.failed != 0) {
      print_failures(std::filesystem::path{options.directory} / "kernels" / name / "output.log");
    }
  }
}

int print_summary(const Options& options) {
  const std::vector<Row> rows = summarise(options.directory, options.words);
  xpoll::write_file(options.directory + "/summary.json", to_json(rows).dump(2) + "\n");
  Counts sum;
  for (const Row& row : rows) sum += row.counts;
  fmt::print("\n{}\n{}{}\n", to_table(rows),
             to_text(read_parts(std::filesystem::path{options.directory} / "parts")),
             to_string(sum));
  return sum.failed == 0 && sum.passed > 0 ? 0 : 1;
}

/** Adds up several summaries. A missing one counts as failed. */
int print_total(const Options& options) {
  Counts sum{.failed = options.failed};
  for (const std::string& file : options.words) sum += read_counts(file);
  fmt::print("\n{}{}\n", to_text(read_parts(options.parts)), to_string(sum));
  return sum.failed == 0 && sum.passed > 0 ? 0 : 1;
}

void print_apps(const Options& options) {
  const std::vector<AppRow> rows = collect_app_rows(options.directory, options.words);
  xpoll::write_file(options.directory + "/apps.json", to_json(rows).dump(2) + "\n");
  fmt::print("\n{}\n", to_table(rows));
}

int dispatch(int argc, char** argv) {
  Options options;
  CLI::App app{"Collects the results of 'make check' and 'make lint'."};
  app.footer(kExamples);
  app.require_subcommand(1);
  CLI::App* step = app.add_subcommand("step", "Run one check and note its result; always succeeds");
  step->add_option("--name", options.name, "Name of the check")->required();
  step->add_option("--dir", options.directory, "Directory for its log and result")->required();
  step->add_flag("--live", options.live, "Show its output as it comes, instead of keeping it");
  step->add_option("command", options.words, "Program and arguments")->required();
  CLI::App* summary = app.add_subcommand("summary", "Print the table and the sum of all results");
  summary->add_option("--dir", options.directory, "Where the results are")->required();
  summary->add_option("kernels", options.words, "Kernels that must have a result");
  CLI::App* row = app.add_subcommand(
      "row", "Print the results of guests, and the output of failed ones; always succeeds");
  row->add_option("--dir", options.directory, "Where the results are")->required();
  row->add_option("rows", options.words, "Names in the summary")->required();
  CLI::App* total = app.add_subcommand("total", "Print the sum of several summaries");
  total->add_option("--parts", options.parts, "File with a line NAME SECONDS for each part")
      ->required();
  total->add_option("--failed", options.failed, "Names of failed parts, which count as failures");
  total->add_option("summaries", options.words, "The summary.json files of 'summary'")->required();
  CLI::App* apps = app.add_subcommand(
      "apps", "Print what the unmodified programs did; 'summary' prints the result");
  apps->add_option("--dir", options.directory, "Where the results are")->required();
  apps->add_option("runs", options.words, "KERNEL-apps, for each kernel")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (*summary) return print_summary(options);
  if (*total) return print_total(options);
  if (*row) print_rows(options);
  if (*apps) print_apps(options);
  if (*step) {
    run_step(options.name, options.directory, options.words,
             options.live ? Output::kLive : Output::kKept);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return xpoll::run_program("xpoll-report", 1, [&] { return dispatch(argc, argv); });
}
