// SPDX-License-Identifier: GPL-2.0-only
// xpoll-compare: runs a command on native epoll and on xpoll, and compares the two runs.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "gnuplot.h"
#include "json.h"
#include "measure.h"
#include "page.h"
#include "picture.h"
#include "plan.h"
#include "probes/util/preconditions.h"
#include "text.h"
#include "tools/util/json_text.h"
#include "tools/util/version.h"

namespace {

namespace fs = std::filesystem;
namespace compare = probes::compare;

struct Options {
  fs::path json;
  fs::path html;
  fs::path svg;
  std::optional<std::string> load;
  compare::EchoLoad echo;
  std::string remark;
  bool histograms = false;
  compare::Words command;

  [[nodiscard]] bool draw() const { return !html.empty() || !svg.empty(); }
};

constexpr int kFailed = 125;

constexpr const char* kDescription =
    "Runs COMMAND twice, on native epoll and on xpoll, traces each run with eBPF, and prints "
    "one\n"
    "report: a verdict, then system calls, wake-ups, context switches and the stages of an event\n"
    "side by side. Without COMMAND: the echo server and client that come with xpoll.";

constexpr const char* kFooter = R"(Examples:
  xpoll-compare
  xpoll-compare --connections 100 --messages 50 --html echo.html
  xpoll-compare --json redis.json --load 'redis-benchmark -p 7000 -n 1000 -q' -- redis-server --port 7000
  xpoll-compare -- perf bench epoll wait -t 2 -r 3

COMMAND runs alone, then under xpoll-run. It and its children are counted, not the load.
Its output goes to standard error. Tracing slows the runs: the figures do not show performance.

Exit status: 0, or COMMAND's own if it failed on native epoll, on xpoll, or the load's; or
  125  there is nothing to compare: no xpoll, no permission, no such command)";

/// CLI11's usage line omits the arguments that prefix_command() passes through.
class Formatter final : public CLI::Formatter {
  std::string make_usage(const CLI::App*, std::string) const override {
    return "Usage: xpoll-compare [OPTIONS] [-- COMMAND [ARGS...]]\n";
  }
};

void declare(CLI::App& app, Options& options) {
  app.description(kDescription);
  app.footer(kFooter);
  app.formatter(std::make_shared<Formatter>());
  app.set_version_flag("--version", xpoll::version_line("xpoll-compare"));
  app.add_option("--json", options.json, "Write all figures to FILE as JSON")->type_name("FILE");
  app.add_option("--html", options.html, "Write the report to FILE as a self-contained HTML page")
      ->type_name("FILE");
  app.add_option("--svg", options.svg, "Write the picture to FILE as SVG")->type_name("FILE");
  app.add_option("--load", options.load,
                 "Shell command to run once COMMAND listens and waits; when it ends, COMMAND "
                 "gets SIGTERM")
      ->type_name("'COMMAND'");
  app.add_option("--connections", options.echo.connections, "Connections of the echo client")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--messages", options.echo.messages, "Messages on each connection")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--size", options.echo.size, "Bytes a message")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--histograms", options.histograms,
               "Add a histogram of each step to the text and the picture");
  app.add_option("--remark", options.remark, "Remark for the report, such as where it was made")
      ->type_name("TEXT");
  // All arguments from the first non-option on belong to the command.
  app.prefix_command();
}

/// The command and its arguments: what CLI11 did not parse.
compare::Words command_of(const CLI::App& app) {
  compare::Words command = app.remaining();
  if (!command.empty() && command.front() == "--")
    command.erase(command.begin());
  else if (!command.empty() && command.front().starts_with('-'))
    throw CLI::ExtrasError({command.front()});
  return command;
}

compare::Plan plan_of(const Options& options) {
  if (!options.command.empty()) return compare::plan_command(options.command, options.load);
  if (options.load) throw CLI::RequiredError("COMMAND, which --load is for,");
  return compare::plan_echo(options.echo);
}

void write_file(const fs::path& path, const std::string& text) {
  if (path.empty()) return;
  std::ofstream file(path);
  file << text;
  if (!file.flush()) throw std::runtime_error("can't write " + path.native());
}

void report(const Options& options, const compare::Comparison& comparison) {
  const auto histograms = options.histograms ? compare::Histograms::yes : compare::Histograms::no;
  fmt::print("{}", to_text(comparison, histograms, probes::Terminal(stdout)));
  write_file(options.json, xpoll::json_text(to_json(comparison), 2) + '\n');
  if (!options.svg.empty())
    write_file(options.svg,
               to_picture(comparison, {.head = true, .histograms = options.histograms}));
  if (!options.html.empty())
    write_file(options.html,
               to_page(comparison, to_picture(comparison, {.head = false, .histograms = true})));
}

int status_of(const compare::Comparison& comparison) {
  for (const compare::Run& run : {comparison.native, comparison.xpoll})
    for (const int status : {run.status, run.load_status})
      if (status != 0) return status;
  return EXIT_SUCCESS;
}

int run(const Options& options) {
  const compare::Plan plan = plan_of(options);
  probes::require_bpf();
  if (!probes::xpoll_loaded())
    throw std::runtime_error(
        "xpoll is not loaded: modprobe xpoll; without it there is nothing to compare");
  if (options.draw()) compare::require_gnuplot();
  compare::Comparison comparison = measure(plan);
  comparison.remark = options.remark;
  report(options, comparison);
  return status_of(comparison);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app;
  declare(app, options);
  try {
    app.parse(argc, argv);
    options.command = command_of(app);
    return run(options);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kFailed;
  } catch (const std::exception& error) {
    fmt::print(stderr, "xpoll-compare: {}\n", error.what());
    return kFailed;
  }
}
